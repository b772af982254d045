// One for each page: asks, whenever the person comes back to it, whether another page changed the workbook, and tells
// screen readers which question stands above a field (ipywidgets has no long questions, so its fields have no names).

const FIELDS = ".kz-form :is(input:not([type=file], [type=checkbox], [type=radio]), textarea, select, [role=slider])";
const GROUPS = ".kz-form :is(.widget-radio-box, .widget-toggle-buttons)";

function words(node) {
  const asked = node.matches(".kz-q, h3, h4") ? node : node.querySelector(".kz-q, h3, h4");
  return asked?.textContent.trim();
}

// The question nearest above a field, else the form's title.
function question(field) {
  for (let box = field; box && !box.matches(".kz-form"); box = box.parentElement) {
    for (let before = box.previousElementSibling; before; before = before.previousElementSibling) {
      const found = words(before);
      if (found) return found;
    }
  }
  return words(field.closest(".kz-form")) ?? "";
}

function say(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

function nameFields() {
  for (const field of document.querySelectorAll(FIELDS)) {
    if (!field.closest(".kb, .kg")) say(field, "aria-label", question(field)); // the card board and the table name their own
  }
  for (const group of document.querySelectorAll(GROUPS)) {
    say(group, "role", group.matches(".widget-radio-box") ? "radiogroup" : "group");
    say(group, "aria-label", question(group));
    for (const button of group.querySelectorAll("button")) say(button, "aria-pressed", String(button.classList.contains("mod-active")));
  }
}

function render({ model }) {
  const look = () => {
    if (document.visibilityState === "visible") model.send("look");
  };
  let asked = 0;
  const observer = new MutationObserver(() => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      nameFields();
    });
  });
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  nameFields();
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(asked);
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("focus", look);
  };
}
export default { render };
