// A place to choose or drop one file. The size is looked at here: a file that is too large never starts its way to the kernel.
function render({ model, el }) {
  el.classList.add("kz");
  const id = `kz-file-${Math.random().toString(36).slice(2)}`;
  const drop = document.createElement("div");
  drop.className = "kz-drop";
  const input = Object.assign(document.createElement("input"), { type: "file", id, accept: model.get("accept") });
  const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: model.get("label") });
  const hint = Object.assign(document.createElement("p"), { textContent: model.get("hint") });
  hint.setAttribute("role", "status");
  drop.append(input, label, hint);
  el.append(drop);

  async function take(file) {
    if (!file) return;
    const most = model.get("most");
    if (file.size > most) {
      hint.textContent = `「${file.name}」は大きすぎます（${Math.ceil(file.size / 1048576)}MB）。${Math.floor(most / 1048576)}MBまでにしてください。写真が入っていれば外し、声の列だけを残すと小さくなります。`;
      input.value = "";
      return;
    }
    hint.textContent = `「${file.name}」を読んでいます…`;
    const bytes = await file.arrayBuffer();
    model.send({ name: file.name }, undefined, [bytes]);
    input.value = "";
  }
  input.addEventListener("change", () => take(input.files[0]));
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); take(event.dataTransfer.files[0]); });
  model.on("change:hint", () => { hint.textContent = model.get("hint"); });
}
export default { render };
