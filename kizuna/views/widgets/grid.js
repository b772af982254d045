// The table with editing. A field is sent when it is left; what stands in the table that comes back from the workbook is the truth, except
// in fields where somebody is writing, or whose words could not be saved: those keep their words. Data reaches the page as text only.
const AT_ONCE = 20, FILTER_FROM = 12; // rows built at a time; a filter is offered above so many rows
const plain = (text) => text.normalize("NFKC").toLowerCase();

function render({ model, el }) {
  el.classList.add("kz", "kg");
  const me = Math.random().toString(36).slice(2, 12);
  const columns = model.get("columns"), can = model.get("can");
  let rows = new Map(), files = []; // id → its row; the ids in the order of the file
  let order = [], built = AT_ONCE, sorted = null, down = false, fresh = false; // what is shown: ids; how many have nodes; sorted by which column
  let seq = 0, sent = [], late = 0;

  // ---- the fixed parts
  const filter = h("input", { type: "search", autocomplete: "off", ariaLabel: "さがす" });
  const sorter = h("select", { ariaLabel: "並べる順" }, h("option", { value: "", textContent: "もとの順" }),
    ...columns.map((one, at) => h("option", { value: at, textContent: `${one.label}の順` })));
  const tools = h("div", { className: "kg-tools" }, h("label", {}, h("span", { textContent: "さがす" }), filter), h("label", { className: "kg-sorter" }, h("span", { textContent: "並べる順" }), sorter));
  const count = h("p", { className: "kg-count", role: "status" });
  const sending = h("p", { className: "kg-sending", role: "status", hidden: true });
  const heads = columns.map((one, at) => {
    const button = h("button", { type: "button", textContent: one.label, title: "押すと、この列の順に並びます", onclick: () => sort(sorted !== at ? at : down ? null : at, sorted === at) });
    const node = h("th", { scope: "col", role: "columnheader" }, button);
    if (one.width) node.style.width = one.width;
    return node;
  });
  const head = h("tr", { role: "row" }, ...heads);
  if (can.remove) head.append(h("th", { scope: "col", role: "columnheader", className: "kg-act" }, h("span", { className: "kg-hidden", textContent: "操作" })));
  const body = h("tbody", { role: "rowgroup" });
  const table = h("table", { role: "table" }, h("thead", { role: "rowgroup" }, head), body);
  const end = h("div", { className: "kg-end" });
  const adder = h("button", { type: "button", className: "kg-add", textContent: "一行ふやす", hidden: !can.add, onclick: () => { fresh = true; send({ kind: "add" }); } });
  el.append(tools, count, table, end, adder, sending);

  // ---- words of a cell
  function words(at, value) {
    const { kind, options, unit } = columns[at];
    if (!value) return "";
    if (kind === "select") return options.find(([stored]) => stored === value)?.[1] ?? value;
    if (kind === "date") return value.replace(/^0*(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");
    return unit ? `${value}${unit}` : value;
  }
  const called = (row) => words(0, row.cells[0]) || `${files.indexOf(row.id) + 1}行め`;

  // ---- acts
  function send(act) {
    const one = { ...act, from: me, seq: ++seq };
    sent.push(one);
    let went = true;
    try { model.send(one); } catch { went = false; } // the kernel is gone; the page says so
    clearTimeout(late);
    late = setTimeout(() => { show(sending, sent.length === 0); say(sending, went ? "保存しています…" : "いま書いたことは保存できませんでした。ページを開き直してください。"); }, went ? 1500 : 0);
    settled();
    return one.seq;
  }
  const settled = () => { el.dataset.settled = sent.length ? "" : "yes"; };

  // ---- a field
  function field(row, at) {
    const column = columns[at];
    const node = column.kind === "select" ? h("select", {}, ...column.options.map(([value, label]) => h("option", { value, textContent: label })))
      : column.kind === "long" ? h("textarea", { rows: 1 })
      : h("input", { type: column.kind === "date" ? "date" : "text", inputMode: column.kind === "number" ? "decimal" : "", autocomplete: "off" });
    if (column.kind === "date") { node.min = "1900-01-01"; node.max = "2199-12-31"; }
    const told = h("p", { className: "kg-told", role: "alert", hidden: true });
    const cell = h("div", { className: `kg-field kg-is-${column.kind}` }, node);
    if (column.unit) cell.append(h("span", { textContent: column.unit, "aria-hidden": "true" }));
    const one = { node, at, seen: "", awaits: 0, refused: false, typed: false, parts: [cell, told] };
    one.writing = () => one.refused || one.awaits > 0 || (node.getRootNode().activeElement === node && (node.value !== one.seen || !!node.validity?.badInput));
    one.fill = () => {
      if (one.writing()) return;
      const value = row.cells[at];
      one.seen = value;
      if (column.kind === "select") lost(node, value);
      if (node.value !== value) node.value = value;
      say(told, ""); // what was told is mended
      show(told, false);
      node.removeAttribute("aria-invalid");
      node.removeAttribute("aria-describedby");
    };
    one.refuse = (why) => {
      one.refused = true;
      told.id ||= `kg-${me}-${row.id}-${at}`;
      say(told, why);
      show(told, true);
      node.setAttribute("aria-invalid", "true");
      node.setAttribute("aria-describedby", told.id);
    };
    one.save = () => {
      one.typed = false;
      if (node.validity?.badInput) return one.refuse("日にちを、年・月・日のすべてで書いてください。");
      const value = node.value;
      if (value === one.seen && !one.refused) return;
      one.refused = false;
      if (value === row.cells[at] && !one.awaits) return one.fill();
      one.before = one.seen;
      one.awaits = send({ kind: "edit", row: row.id, key: column.key, value, seen: one.seen });
      one.seen = value;
    };
    one.back = () => { one.refused = false; node.value = ""; node.value = one.seen = row.cells[at]; one.fill(); };
    // A date being typed changes with every digit: it waits until it is left. One that was picked is saved at once.
    node.addEventListener("change", () => { if (column.kind !== "date" || !one.typed) one.save(); });
    node.addEventListener("blur", () => one.save());
    node.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") one.back();
      else if (event.key !== "Enter" || column.kind === "long") one.typed ||= event.key !== "Tab";
      else { event.preventDefault(); step(row, one, event.shiftKey ? -1 : 1); }
    });
    return one;
  }
  /** A stored value that is no longer among the options stands as an empty choice that cannot be chosen. */
  function lost(node, value) {
    const known = [...node.options].some((one) => one.value === value && !one.disabled);
    const stray = node.querySelector("option[disabled]");
    if (known) stray?.remove();
    else if (!stray) node.prepend(h("option", { value, textContent: "（選んでください）", disabled: true }));
    else stray.value = value;
  }
  function step(row, one, by) {
    const to = order.indexOf(row.id) + by;
    if (to >= built) { built = to + AT_ONCE; draw(); }
    const next = rows.get(order[to])?.fields?.[one.at];
    if (!next?.node) return one.save();
    next.node.focus();
    next.node.select?.();
  }

  // ---- a row
  function nodeOf(row) {
    if (row.node) return row.node;
    row.fields = columns.map((column, at) => (column.fixed ? { text: h("div", { className: "kg-text" }) } : field(row, at)));
    row.node = h("tr", { role: "row" }, ...row.fields.map((one, at) => {
      const cell = at ? h("td", { role: "cell" }) : h("th", { scope: "row", role: "rowheader" });
      cell.dataset.label = columns[at].label;
      cell.append(...(one.parts ?? [one.text]));
      return cell;
    }));
    if (can.remove) {
      row.remover = h("button", { type: "button", textContent: "消す", onclick: () => drop(row) });
      row.node.append(h("td", { role: "cell", className: "kg-act" }, row.remover));
    }
    fill(row);
    return row.node;
  }
  function fill(row) {
    if (!row.node) return;
    const name = called(row);
    row.fields.forEach((one, at) => {
      if (one.text) return say(one.text, words(at, row.cells[at]));
      if (!row.gone) one.fill();
      const full = `${name}・${columns[at].label}`;
      if (one.node.ariaLabel !== full) one.node.setAttribute("aria-label", full);
    });
    row.remover?.setAttribute("aria-label", `${name}を消す`);
  }
  const writing = (row) => row.fields?.some((one) => one.writing?.()) ?? false;
  function drop(row) {
    const at = order.indexOf(row.id), next = rows.get(order[at + 1] ?? order[at - 1]);
    send({ kind: "remove", row: row.id });
    next?.remover?.focus();
  }

  // ---- which rows, in which order
  function compare(a, b) {
    const { kind, options } = columns[sorted], [one, other] = [a.cells[sorted], b.cells[sorted]];
    if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1); // empty ones stand last, whichever way
    const place = (value) => options.findIndex(([stored]) => stored === value);
    const found = kind === "number" ? one - other : kind === "select" ? place(one) - place(other) : kind === "date" ? (one < other ? -1 : one > other ? 1 : 0) : collator.compare(one, other);
    return down ? -found : found;
  }
  const collator = new Intl.Collator("ja", { numeric: true });
  function arrange() {
    const asked = plain(filter.value).split(/\s+/).filter(Boolean);
    const found = files.map((id) => rows.get(id)).filter((row) => {
      if (!asked.length) return true;
      const all = plain(row.cells.map((value, at) => words(at, value)).join("\n"));
      return asked.every((word) => all.includes(word));
    });
    if (sorted !== null) found.sort(compare);
    order = found.map((row) => row.id);
    built = AT_ONCE;
    draw();
  }
  function sort(at, downwards) {
    sorted = at;
    down = downwards && at !== null;
    heads.forEach((node, number) => (number === at ? node.setAttribute("aria-sort", down ? "descending" : "ascending") : node.removeAttribute("aria-sort")));
    sorter.value = at ?? "";
    arrange();
  }
  function draw() {
    const nodes = order.slice(0, built).map((id) => nodeOf(rows.get(id)));
    nodes.forEach((node, at) => { if (node.ariaRowIndex !== String(at + 2)) node.setAttribute("aria-rowindex", at + 2); });
    lay(body, nodes);
    const all = files.length;
    show(tools, all > FILTER_FROM || filter.value !== "");
    show(count, !tools.hidden);
    say(count, order.length === all ? `${all}行` : `${all}行のうち、${order.length}行`);
    table.setAttribute("aria-rowcount", order.length + 1);
    show(table, order.length > 0);
    show(end, order.length > built);
    if (order.length > built) { watch.unobserve(end); watch.observe(end); }
  }
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting) && order.length > built) { built += AT_ONCE; draw(); }
  }, { rootMargin: "600px" });

  // ---- what comes from the workbook
  function receive() {
    const { rows: given, done } = model.get("table");
    sent = sent.filter((one) => one.seq > (done[me] ?? 0));
    const before = new Set(files), first = files.length === 0;
    files = given.map(([id]) => id);
    for (const [id, cells] of given) {
      const row = rows.get(id);
      if (row) Object.assign(row, { cells, gone: false });
      else rows.set(id, { id, cells });
    }
    const there = new Set(files);
    for (const row of rows.values()) {
      for (const one of row.fields ?? []) if (one.awaits && one.awaits <= (done[me] ?? 0)) one.awaits = 0;
      if (!there.has(row.id)) { row.gone = true; if (!writing(row)) rows.delete(row.id); } // words being written stay, to be copied
      else fill(row);
    }
    if (first) arrange();
    else {
      const added = files.filter((id) => !before.has(id));
      order = [...order.filter((id) => rows.has(id)), ...added.filter((id) => !order.includes(id))];
      if (fresh && added.length) built = Math.max(built, order.length);
      draw();
      if (fresh && added.length) { fresh = false; rows.get(added[0]).fields.find((one) => one.node)?.node.focus(); }
    }
    if (!sent.length) { clearTimeout(late); show(sending, false); }
    settled();
  }
  function heard(message) {
    if (message.kind !== "refused" || message.from !== me) return;
    const lost_ = sent.find((one) => one.seq === message.seq);
    const one = rows.get(lost_?.row)?.fields?.find((each) => each.awaits === message.seq);
    if (lost_?.kind === "add") fresh = false;
    if (!one) return;
    one.seen = one.before;
    one.refuse(message.why);
  }

  // ---- paper: every row stands, as words
  let papers = [];
  function print() {
    built = order.length;
    draw();
    for (const id of order) for (const one of rows.get(id).fields) {
      if (!one.node) continue;
      const node = h("span", { className: "kg-words", textContent: words(one.at, one.node.value) });
      one.parts[0].after(node);
      papers.push(node);
    }
  }
  function printed() { papers.forEach((node) => node.remove()); papers = []; }

  filter.addEventListener("input", (event) => { if (!event.isComposing) arrange(); });
  filter.addEventListener("compositionend", arrange);
  sorter.addEventListener("change", () => sort(sorter.value === "" ? null : Number(sorter.value), false));
  window.addEventListener("beforeprint", print);
  window.addEventListener("afterprint", printed);
  model.on("change:table", receive);
  model.on("msg:custom", heard);
  receive();
  return () => {
    clearTimeout(late);
    watch.disconnect();
    window.removeEventListener("beforeprint", print);
    window.removeEventListener("afterprint", printed);
    model.off("change:table", receive);
    model.off("msg:custom", heard);
  };
}
export default { render };
