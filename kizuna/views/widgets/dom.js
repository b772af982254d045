// Making and changing nodes; put before the scripts that use it (kizuna/views/acts.py). Words are set as text, never as HTML.
function h(tag, about = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(about)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.includes("-") && key !== "role") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const show = (node, yes) => { if (node.hidden === yes) node.hidden = !yes; };

/** The children of `parent` are these from now on; nodes that stay where they are are not touched. */
function lay(parent, nodes) {
  const staying = new Set(nodes);
  for (const node of [...parent.children]) if (!staying.has(node)) node.remove();
  nodes.forEach((node, at) => { if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null); });
}
