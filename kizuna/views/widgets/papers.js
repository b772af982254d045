// Buttons that open a sheet in a new tab (to print), copy its text or save it as a file; the contents are asked for when pressed, so that they are never old.
function render({ model, el }) {
  el.classList.add("kz");
  const box = document.createElement("div");
  box.className = "kz-paper-buttons";
  const told = document.createElement("p");
  told.className = "kz-saved";
  told.setAttribute("role", "status");
  told.hidden = true;
  el.append(box, told);
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
        told.hidden = true;
        model.send({ paper: paper.key });
      });
      box.append(button);
    }
  }
  draw();
  model.on("change:papers", draw);
  model.on("msg:custom", (message, buffers) => {
    if (message.failed) { if (tab) tab.close(); tab = null; return; }
    if (message.copy) {
      copy(new TextDecoder().decode(buffers[0])).then((done) => {
        told.textContent = done ? "写しました。LINEやメールに貼りつけてください。" : "写せませんでした。上の文をなぞって選び、写してください。";
        told.hidden = false;
      });
      return;
    }
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

// The clipboard of the system; where the browser keeps it closed, the old way over a selected field.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
export default { render };
