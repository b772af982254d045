// The clock of a course in one room. It never rings: it says in words, and by its ground, how much time is left. Where it stands is kept in
// the browser (localStorage), with the moment at which the time is over, so that it goes on while the page is closed.

const MINUTE = 60_000, LONG_AGO = 2 * 60 * MINUTE;
const PEOPLE = { alone: [12], pair: [6, 18], all: [4, 12, 20] }; // where each stands, in a picture 24 wide

function person(at) {
  return `<circle cx="${at}" cy="6" r="3.2"/><path d="M${at - 4.6} 19v-3a4.6 4.6 0 0 1 9.2 0v3z"/>`;
}

function picture(mode) {
  const made = h("span", { className: "kc-people" });
  made.innerHTML = `<svg viewBox="-1 0 26 20" aria-hidden="true">${(PEOPLE[mode] ?? []).map(person).join("")}</svg>`;
  return made;
}

function render({ model, el }) {
  const works = model.get("works"), place = `kizuna.clock.${model.get("page")}`;
  if (!works.length) return;
  el.classList.add("kz");
  let state = read(), level = "";

  const title = h("b"), where = h("span", { className: "kc-where" }), total = h("span", { className: "kc-total" });
  const before = h("button", { type: "button", onclick: () => choose(-1) }, "前へ");
  const after = h("button", { type: "button", onclick: () => choose(1) }, "次へ");
  const turns = h("ol", { className: "kc-turns" });
  const left = h("span", { className: "kc-left", role: "timer" });
  const said = h("span", { className: "kc-said" });
  const run = h("button", { type: "button", className: "kc-run", onclick: turnOnOrOff });
  const more = h("button", { type: "button", onclick: () => add(MINUTE) }, "＋1分");
  const done = h("button", { type: "button", onclick: goOn }, "できました");
  const live = h("p", { className: "kz-hidden", "aria-live": "polite" });
  const pill = h("div", { className: "kz kc-pill", popover: "manual", "aria-hidden": "true" });
  const bar = h("section", { className: "kc", "aria-label": "みんなで進める時計" },
    h("div", { className: "kc-work" }, before, h("div", { className: "kc-name" }, where, title, total), after),
    turns,
    h("div", { className: "kc-clock" }, left, said, run, more, done),
    live, pill);
  el.append(bar);

  function fresh(work, turn) {
    return { work: works[work].key, turn, left: works[work].turns[turn].minutes * MINUTE, ends: null, over: false };
  }

  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(place));
      const work = works.findIndex((one) => one.key === found?.work);
      const stands = work >= 0 && works[work].turns[found.turn] && Number.isFinite(found.left) && (found.ends === null || Number.isFinite(found.ends));
      if (stands && (found.ends === null || Date.now() - found.ends < LONG_AGO)) return found;
    } catch { /* nothing is kept, or nothing that can be read: begin anew */ }
    return fresh(0, 0);
  }

  function change(next) {
    state = next;
    try { localStorage.setItem(place, JSON.stringify(state)); } catch { /* then it lives as long as this page */ }
    level = "";
    draw();
  }

  const at = () => works.findIndex((one) => one.key === state.work);
  const rest = () => (state.ends === null ? state.left : Math.max(state.ends - Date.now(), 0));
  const now = () => works[at()].turns[state.turn];

  function choose(by) {
    const to = at() + by;
    if (works[to]) change(fresh(to, 0));
  }

  function turnOnOrOff() {
    change(state.ends === null ? { ...state, ends: Date.now() + state.left } : { ...state, left: rest(), ends: null });
  }

  function add(time) {
    change(state.ends === null ? { ...state, left: state.left + time } : { ...state, ends: Date.now() + rest() + time });
  }

  function goOn() {
    const work = at();
    if (works[work].turns[state.turn + 1]) change(fresh(work, state.turn + 1));
    else if (works[work + 1]) change(fresh(work + 1, 0));
    else change({ ...state, left: 0, ends: null, over: true });
    say(live, state.over ? END : `${works[at()].title}。${now().words}、${now().minutes}分です。`);
  }

  const END = "このページの分は、ここまでです。";
  const OVER = "時間になりました。区切りのよいところで。";
  const near = () => (now().minutes > 5 ? 3 : 1) * MINUTE;

  function draw() {
    const time = rest(), seconds = Math.ceil(time / 1000), running = state.ends !== null;
    const reached = state.over ? "end" : time <= 0 ? "over" : time <= near() && (running || time < now().minutes * MINUTE) ? "near" : "calm";
    const words = { end: END, over: OVER, near: `あと${Math.ceil(seconds / 60)}分`, calm: "" }[reached];
    const work = works[at()];
    say(title, work.title);
    say(where, work.where);
    say(total, `${work.turns.reduce((sum, one) => sum + one.minutes, 0)}分`);
    before.disabled = at() === 0;
    after.disabled = at() === works.length - 1;
    lay(turns, work.turns.map(chip));
    say(left, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    left.setAttribute("aria-label", `のこり${Math.ceil(seconds / 60)}分`);
    say(said, words);
    say(run, running ? "止める" : "はじめる");
    show(run, time > 0 && !state.over);
    show(more, !state.over);
    show(done, !state.over);
    bar.dataset.level = reached;
    bar.dataset.running = String(running);
    if (running && level && level !== reached) say(live, reached === "over" ? OVER : `${words}です。`);
    level = reached;
    pill.replaceChildren(picture(now().mode), now().words, h("b", {}, reached === "over" ? "時間です" : left.textContent));
    pill.dataset.level = reached;
  }

  const chips = new Map();
  function chip(turn, number) {
    const key = `${state.work}.${number}`;
    if (!chips.has(key)) chips.set(key, h("li", {}, picture(turn.mode), h("span", {}, turn.words), h("small", {}, `${turn.minutes}分`), h("i", {}, "いま")));
    const made = chips.get(key);
    made.classList.toggle("here", number === state.turn && !state.over);
    if (number === state.turn && !state.over) made.setAttribute("aria-current", "step"); else made.removeAttribute("aria-current");
    return made;
  }

  // While the bar is out of sight, a small one stays in the corner (as a popover: JupyterLab's panels would hold anything else back).
  const watcher = new IntersectionObserver(([seen]) => {
    if (!pill.isConnected || !pill.showPopover) return;
    const away = !seen.isIntersecting && seen.boundingClientRect.width > 0;
    if (away !== pill.matches(":popover-open")) away ? pill.showPopover() : pill.hidePopover();
  });
  watcher.observe(bar);
  const elsewhere = (event) => { if (event.key === place) { state = read(); level = ""; draw(); } };
  window.addEventListener("storage", elsewhere);
  const ticking = setInterval(() => { if (state.ends !== null) draw(); }, 250);
  draw();
  return () => {
    watcher.disconnect();
    window.removeEventListener("storage", elsewhere);
    clearInterval(ticking);
  };
}
export default { render };
