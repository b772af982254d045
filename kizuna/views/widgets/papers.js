// Buttons that open a sheet in a new tab (to print) or save it as a file; the contents are asked for when pressed, so that they are never old.
function render({ model, el }) {
  el.classList.add("kz");
  const box = document.createElement("div");
  box.className = "kz-paper-buttons";
  el.append(box);
  let tab = null;

  function draw() {
    box.replaceChildren();
    for (const paper of model.get("papers")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = paper.label;
      if (paper.open) button.className = "main";
      button.addEventListener("click", () => {
        tab = paper.open ? window.open("", "_blank") : null;
        if (tab) tab.document.body.textContent = "用意しています…";
        model.send({ paper: paper.key });
      });
      box.append(button);
    }
  }
  draw();
  model.on("change:papers", draw);
  model.on("msg:custom", (message, buffers) => {
    if (message.failed) { if (tab) tab.close(); tab = null; return; }
    const url = URL.createObjectURL(new Blob(buffers, { type: message.type }));
    if (message.open) {
      if (tab) tab.location.href = url; else window.open(url, "_blank");
      tab = null;
    } else {
      const link = Object.assign(document.createElement("a"), { href: url, download: message.name });
      document.body.append(link);
      link.click();
      link.remove();
    }
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  });
}
export default { render };
