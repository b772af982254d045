// The card board. What the person does is drawn at once (`play`) and sent; the arrangement that comes back from the workbook is the
// truth, and acts still on their way are played upon it again. Data reaches the page as text only.
const AT_ONCE = 12, AT_ONCE_NARROW = 5; // cards of a box shown before 「あとN枚」, the second where there is but one column
const LOOSE = "loose", ASIDE = "aside", FRESH = "fresh"; // places besides the boxes; FRESH is a box to be made
const NAMELESS = "名前はこれから";

const lift = (node) => { if (!node.matches(":popover-open")) node.showPopover?.(); };
const lower = (node) => { if (node.matches(":popover-open")) node.hidePopover?.(); };

/** What `state` looks like after `act`; `state` itself stays as it is. */
function play(state, act) {
  const real = (id) => state.born[id] ?? id;
  const box = (id) => boxes.find((one) => one.id === real(id));
  const gone = new Set(act.cards ?? []);
  const without = (cards) => (gone.size ? cards.filter((card) => !gone.has(card)) : cards);
  let boxes = state.boxes.map((one) => ({ ...one, cards: without(one.cards) }));
  const next = { ...state, loose: without(state.loose), aside: without(state.aside) };
  const theme = act.theme == null ? undefined : box(act.theme);
  if (theme && act.kind !== "dissolve") theme.draft = false;
  if (act.kind === "move" && act.theme === null) next.aside = [...next.aside, ...act.cards];
  else if (act.kind === "move" && theme) theme.cards = [...theme.cards, ...act.cards];
  else if (act.kind === "move") return state;
  else if (act.kind === "release") next.loose = [...next.loose, ...act.cards];
  else if (act.kind === "make") boxes.unshift({ id: act.key, name: "", draft: false, note: "", cards: [...act.cards] });
  else if (act.kind === "rename" && theme && act.name) theme.name = act.name;
  else if (act.kind === "note" && theme) theme.note = act.note;
  else if (act.kind === "story") next.story = act.story;
  else if (theme && (act.kind === "dissolve" || act.kind === "merge")) {
    const into = act.kind === "merge" ? box(act.into) : undefined;
    boxes = boxes.filter((one) => one !== theme);
    if (into) Object.assign(into, { cards: [...into.cards, ...theme.cards], note: [into.note, theme.note].filter(Boolean).join("\n"), draft: false });
    else next.loose = [...next.loose, ...theme.cards];
  }
  next.boxes = boxes;
  return next;
}

function render({ model, el }) {
  el.classList.add("kz", "kb");
  const me = Math.random().toString(36).slice(2, 12);
  let voices = model.get("voices"), base = model.get("arrangement"), state = base;
  let pending = [], seq = 0, late = 0;
  let active = null, wanted = null, pressing = false, offered = { card: null, themes: [] }, asking = null, askLater = 0;
  let carried = null; // { cards, from, target, keyboard }
  let postponed = false, drawing = false, printing = false, anchor = null, columns = 0;
  const chosen = new Set(), opened = new Set(), moved = new Set();
  const cards = new Map(), places = new Map(), home = new Map(); // id → its nodes; a box's id → its column

  // ---- the fixed parts
  const live = h("div", { className: "kb-live", role: "status", "aria-live": "polite" });
  const sending = h("div", { className: "kb-sending", role: "status", hidden: true });
  const grid = h("div", { className: "kb-grid" });
  const fresh = h("button", { type: "button", className: "kb-button", onclick: () => make([...chosen]) });
  fresh.dataset.box = FRESH;
  const help = h("details", { className: "kz-example" }, h("summary", { textContent: "カードの動かし方" }), h("ul", {},
    ...["カードをつかんで、置きたいまとまりまで運びます。スマートフォンでは、右上の ⠿ を引くか、カードを長く押します。",
      "運ばずに、「移す…」から行き先を選ぶこともできます。",
      "□ に印をつけると、何枚かをいっしょに動かせます。シフトキーを押しながら選ぶと、間のカードにも印がつきます。",
      "キーボードでは、カードの上でエンターキーを押すと持ち上がります。矢印キーで行き先を選び、もう一度エンターキーで置きます。エスケープキーでやめます。",
      "動かしたあとでも、ページのいちばん上の「ひとつ前に戻す」で元に戻せます。"].map((text) => h("li", { textContent: text }))));
  const story = field("kb-story", "この並びを文章にすると", "例：いちばん多いのは、ゆっくり過ごしたいという声。その多くは、はじめての方からです。", () => state.story,
    (words, seen) => act({ kind: "story", story: words, seen }));
  const bar = h("div", { className: "kb-bar", role: "group", "aria-label": "選んだ声", hidden: true });
  const counted = h("b"), barMove = h("button", { type: "button", className: "kb-button kb-main", textContent: "移す…", onclick: () => cardMenu([...chosen], barMove) });
  bar.append(counted, barMove,
    h("button", { type: "button", className: "kb-button", textContent: "新しいまとまりにする", onclick: () => make([...chosen]) }),
    h("button", { type: "button", className: "kb-link", textContent: "選ぶのをやめる", onclick: () => { chosen.clear(); draw(); } }));
  const dock = h("div", { className: "kb-dock", popover: "manual", "aria-hidden": "true" });
  const ghost = h("div", { className: "kb-ghost", popover: "manual", "aria-hidden": "true" });
  const menu = h("div", { className: "kb-menu", popover: "manual", role: "menu" });
  const loose = place(LOOSE), aside = place(ASIDE);
  const board = h("div", { className: "kz-board" }, help, loose.node, h("div", { className: "kb-tools" }, fresh, sending), grid, aside.node, story.node, bar, live, dock, ghost, menu);
  el.append(board);

  // ---- acts
  function send(one) {
    try { model.send(one); return true; } catch { return false; } // the kernel is gone; the page says so
  }
  function act(one) {
    const sent = { ...one, from: me, seq: ++seq };
    pending.push(sent);
    board.dataset.settled = "";
    (one.cards ?? []).forEach((card) => { moved.add(card); chosen.delete(card); });
    const went = send(sent);
    clearTimeout(late);
    late = setTimeout(() => { show(sending, pending.length > 0); say(sending, went ? "保存しています…" : "いまの操作は保存できませんでした。ページを開き直してください。"); }, went ? 1500 : 0);
    settle();
  }
  function settle() {
    state = pending.reduce(play, base);
    if (carried || drawing) postponed = true; else draw();
  }
  const real = (id) => state.born[id] ?? id;
  const boxOf = (id) => state.boxes.find((one) => one.id === real(id));
  const content = (id) => (id === LOOSE ? state.loose : id === ASIDE ? state.aside : boxOf(id)?.cards ?? []);
  const whereIs = (card) => (state.loose.includes(card) ? LOOSE : state.aside.includes(card) ? ASIDE : state.boxes.find((one) => one.cards.includes(card))?.id);
  const order = () => [LOOSE, ...state.boxes.map((one) => one.id), ASIDE];
  const brief = (card, long = 14) => { const words = [...(voices[card]?.first ?? "")]; return words.length > long ? `${words.slice(0, long).join("")}…` : words.join(""); };
  function called(id) {
    if (id === LOOSE) return "まだ分けていない声";
    if (id === ASIDE) return "わきに置いた声";
    if (id === FRESH) return "新しいまとまり";
    const box = boxOf(id);
    if (box?.name) return box.name;
    return box?.cards.length ? `${NAMELESS}（「${brief(box.cards[0])}」）` : NAMELESS;
  }
  function tell(text) { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); }

  function put(which, target) {
    const ids = which.filter((card) => whereIs(card) !== real(target));
    if (target === FRESH) return make(which);
    if (!ids.length) return tell("同じ所に置きました");
    tell(`${ids.length}枚を「${called(target)}」に置きました`);
    if (target === LOOSE) act({ kind: "release", cards: ids });
    else act({ kind: "move", cards: ids, theme: target === ASIDE ? null : real(target) });
  }
  function make(which) {
    const key = `new-${me}-${seq + 1}`;
    tell(which.length ? `${which.length}枚で新しいまとまりを作りました。名前は、声を読み返してからで大丈夫です` : "新しいまとまりを作りました");
    act({ kind: "make", cards: which, key });
    places.get(key)?.node.scrollIntoView({ block: "center" });
  }
  const company = (card) => (chosen.has(card) ? order().flatMap((id) => content(id).filter((one) => chosen.has(one))) : [card]);

  // ---- places: a box, or one of the two trays
  function field(kind, label, hint, read, save) {
    const area = h("textarea", { rows: 1, placeholder: hint, ariaLabel: label });
    const node = h("label", { className: kind }, h("span", { textContent: label }), area);
    const one = { node, area, kept: false, seen: null, fill() {
      if (area.getRootNode().activeElement === area || one.kept) return;
      const value = read() ?? "";
      one.seen = value;
      if (area.value !== value) area.value = value;
    }, leave() {
      const words = area.value.trim(), seen = one.seen ?? "";
      if (words === seen.trim()) { one.kept = false; return; }
      one.kept = false;
      save(words, seen);
      one.seen = words;
    } };
    area.addEventListener("focus", () => { if (!one.kept) one.seen = read() ?? ""; });
    area.addEventListener("blur", () => one.leave());
    return one;
  }

  function place(id) {
    const tray = id === LOOSE || id === ASIDE;
    const one = { id, tray };
    one.list = h("ul", { className: "kb-cards" });
    one.count = h("span", { className: "kb-count" });
    one.rest = h("button", { type: "button", className: "kb-link", onclick: () => { const now = one.id; opened.has(now) ? opened.delete(now) : opened.add(now); draw(); } });
    one.nothing = h("p", { className: "kb-nothing" });
    if (tray) {
      one.node = h("section", { className: `kb-place kb-tray kb-${id}`, ariaLabel: called(id) },
        h("div", { className: "kb-head" }, h("h4", { textContent: called(id) }), one.count), one.list, one.nothing, one.rest);
    } else {
      one.name = h("textarea", { className: "kb-name", rows: 1, maxLength: 80, placeholder: NAMELESS, ariaLabel: "まとまりの名前", spellcheck: false });
      one.name.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        if (event.key === "Escape") one.name.value = boxOf(one.id)?.name ?? "";
        if (event.key === "Enter" || event.key === "Escape") { event.preventDefault(); one.name.blur(); }
      });
      one.name.addEventListener("blur", () => {
        const name = one.name.value.replace(/\s+/g, " ").trim(), before = boxOf(one.id)?.name;
        if (before === undefined || name === before) { one.name.value = before ?? ""; return; }
        act({ kind: "rename", theme: real(one.id), name });
      });
      one.badge = h("span", { className: "kb-badge", textContent: "名前は仮" });
      one.hint = h("p", { className: "kb-hint", textContent: "先にカードを集めましょう。声を読み返すと、名前が浮かんできます。" });
      one.more = h("button", { type: "button", className: "kb-link kb-more", textContent: "操作…", "aria-haspopup": "menu", onclick: () => boxMenu(one) });
      one.note = field("kb-note", "文章にする", "この声たちは、何を伝えているでしょう。一、二文で書いてみます。", () => boxOf(one.id)?.note,
        (words, seen) => act({ kind: "note", theme: real(one.id), note: words, seen }));
      one.node = h("section", { className: "kb-place kb-box" },
        h("div", { className: "kb-head" }, one.name, h("div", { className: "kb-line" }, one.count, one.badge, one.more)), one.hint, one.list, one.nothing, one.rest, one.note.node);
    }
    one.node.dataset.box = id;
    return one;
  }

  function drawPlace(one) {
    const ids = content(one.id), box = one.tray ? null : boxOf(one.id);
    const all = opened.has(one.id) || printing;
    const most = columns > 1 || one.id === LOOSE ? AT_ONCE : AT_ONCE_NARROW;
    const visible = all ? ids : ids.filter((card, at) => at < most || moved.has(card));
    lay(one.list, visible.map(cardOf));
    const people = new Set(ids.map((card) => voices[card]?.by)).size;
    say(one.count, one.tray ? `${ids.length}枚` : `${people}人・${ids.length}枚`);
    const left = ids.length - visible.length;
    show(one.rest, (left > 0 || (opened.has(one.id) && ids.length > most)) && !printing);
    say(one.rest, left > 0 ? `あと${left}枚を見る` : "たたむ");
    show(one.nothing, ids.length === 0);
    say(one.nothing, one.id === LOOSE ? "すべての声を分けました。" : one.id === ASIDE ? "どこにも入らない声は、無理に入れず、ここに置いておけます。" : "ここにカードを置いてください。");
    show(one.list, ids.length > 0);
    if (box) {
      one.node.setAttribute("aria-label", `まとまり：${called(one.id)}`);
      one.more.setAttribute("aria-label", `「${called(one.id)}」の操作`);
      show(one.badge, box.draft);
      show(one.hint, !box.name);
      if (one.name.getRootNode().activeElement !== one.name && one.name.value !== box.name) one.name.value = box.name;
      one.name.setAttribute("aria-label", `まとまりの名前：${called(one.id)}`);
      one.note.fill();
    } else show(one.node, one.id === LOOSE || ids.length > 0 || state.boxes.length > 0);
    return visible;
  }

  // ---- cards
  function cardOf(id) {
    if (cards.has(id)) return cards.get(id).node;
    const voice = voices[id] ?? { first: "", rest: "", who: "", from: "" };
    const tick = h("input", { type: "checkbox", ariaLabel: `選ぶ：${brief(id, 20)}`, tabIndex: -1 });
    tick.addEventListener("click", (event) => choose(id, tick.checked, event.shiftKey));
    const words = h("blockquote", {}, `「${voice.first}`);
    if (voice.rest) {
      const more = h("details", {}, h("summary", { textContent: `つづきを読む（全部で${voice.long}文字）`, tabIndex: -1 }), h("span", { textContent: `${voice.rest}」` })); // the closing mark belongs to the end of the words
      words.append(more);
    } else words.append("」");
    const to = h("button", { type: "button", className: "kb-link", textContent: "移す…", tabIndex: -1, "aria-haspopup": "menu", ariaLabel: `移す：${brief(id, 20)}`, onclick: () => cardMenu(company(id), to, id) });
    const grip = h("span", { className: "kb-grip", "aria-hidden": "true", textContent: "⠿" });
    const offers = h("div", { className: "kb-offers", role: "group", "aria-label": "おすすめのまとまり", hidden: true });
    const node = h("li", { className: "kb-card", tabIndex: -1 }, h("div", { className: "kb-card-top" }, h("label", { className: "kb-tick" }, tick), words, grip),
      h("div", { className: "kb-card-foot" }, h("span", { className: "kb-who", textContent: voice.who, title: voice.from }), to), offers);
    node.dataset.card = id;
    cards.set(id, { said: JSON.stringify(voices[id]), node, tick, to, offers, inner: [tick, to, ...node.querySelectorAll("summary")] });
    return node;
  }
  function choose(id, yes, range) {
    const list = [...(cards.get(id).node.parentElement?.children ?? [])].map((node) => Number(node.dataset.card));
    const from = range && anchor !== null ? list.indexOf(anchor) : -1, to = list.indexOf(id);
    const span = from < 0 ? [id] : list.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of span) yes ? chosen.add(one) : chosen.delete(one);
    anchor = id;
    draw();
    tell(`${chosen.size}枚を選んでいます`);
  }

  // ---- drawing
  function draw() {
    drawing = true;
    postponed = false;
    drawAll();
    drawing = false;
    if (postponed && !carried) draw(); // leaving a field that went away is an act too
  }
  function drawAll() {
    for (const [key, id] of Object.entries(state.born)) { // a box keeps its node, and what is being written, when its number comes
      const one = places.get(key);
      if (one && boxOf(id) && !places.has(id)) { places.delete(key); places.set(id, one); home.set(id, home.get(key)); one.id = id; one.node.dataset.box = id; if (opened.delete(key)) opened.add(id); }
    }
    const there = new Set(state.boxes.map((one) => one.id));
    for (const [id, one] of places) if (!there.has(id)) { places.delete(id); home.delete(id); one.node.remove(); }
    for (const id of [...chosen]) if (!whereIs(id)) chosen.delete(id);
    for (const box of state.boxes) if (!places.has(box.id)) places.set(box.id, place(box.id));
    const focus = board.getRootNode().activeElement;
    drawColumns();
    const stops = new Set([drawPlace(loose), ...state.boxes.map((box) => drawPlace(places.get(box.id))), drawPlace(aside)].map((visible) => (visible.includes(active) ? active : visible[0])));
    for (const [id, one] of cards) {
      one.node.tabIndex = stops.has(id) ? 0 : -1;
      for (const inner of one.inner) inner.tabIndex = id === active ? 0 : -1;
      one.node.classList.toggle("chosen", chosen.has(id));
      one.node.classList.toggle("active", id === active);
      if (one.tick.checked !== chosen.has(id)) one.tick.checked = chosen.has(id);
      drawOffers(id, one.offers);
    }
    story.fill();
    say(fresh, chosen.size ? `選んだ${chosen.size}枚で、新しいまとまりを作る` : "新しいまとまりを作る");
    show(bar, chosen.size > 0);
    say(counted, `${chosen.size}枚を選んでいます`);
    if (focus && focus !== document.body && focus !== board.getRootNode().activeElement && board.contains(focus)) focus.focus({ preventScroll: true });
  }
  function drawColumns() {
    const count = Math.max(1, Math.min(4, Math.floor((grid.clientWidth || board.clientWidth || 900) / 300)));
    if (count !== columns) { columns = count; home.clear(); lay(grid, Array.from({ length: count }, () => h("div", { className: "kb-column" }))); }
    const heights = Array(count).fill(0);
    const height = (box) => 6 + Math.min(box.cards.length, AT_ONCE) * 4;
    for (const box of state.boxes) if (home.has(box.id)) heights[home.get(box.id)] += height(box);
    const first = home.size === 0;
    for (const box of state.boxes) {
      if (home.has(box.id)) continue;
      const to = !first && String(box.id).startsWith("new-") ? 0 : heights.indexOf(Math.min(...heights));
      home.set(box.id, to);
      heights[to] += height(box);
    }
    [...grid.children].forEach((column, at) => lay(column, state.boxes.filter((box) => home.get(box.id) === at).map((box) => places.get(box.id).node)));
  }
  function drawOffers(id, node) {
    const here = id === active && offered.card === id ? offered.themes.filter((theme) => boxOf(theme) && whereIs(id) !== theme) : [];
    show(node, here.length > 0);
    const key = here.map((theme) => `${theme}${called(theme)}`).join("|");
    if (node.dataset.key === key) return;
    node.dataset.key = key;
    node.replaceChildren(...(here.length ? [h("span", { textContent: "おすすめ" })] : []),
      ...here.map((theme) => h("button", { type: "button", className: "kb-offer", textContent: called(theme), onclick: () => onward(company(id), theme) })));
  }
  /** Put cards away and go on with the next one of the place they came from. */
  function onward(which, target) {
    const from = whereIs(which[0]), list = content(from), next = list.find((card, at) => at > list.indexOf(which[0]) && !which.includes(card)) ?? list.find((card) => !which.includes(card));
    put(which, target);
    const goal = next !== undefined && cards.get(next)?.node.isConnected ? next : which[0];
    activate(goal);
    cards.get(goal)?.node.focus({ preventScroll: false });
  }

  // ---- the card one is at, and its suggestions
  function activate(id) {
    if (id === active) return;
    active = id;
    if (!carried) draw(); else postponed = true;
    ask();
  }
  function ask() {
    clearTimeout(askLater);
    askLater = setTimeout(() => {
      if (active === null || !state.boxes.length || asking === active || carried || pending.length) return;
      asking = active;
      send({ kind: "suggest", card: active });
    }, 200);
  }
  board.addEventListener("focusin", (event) => {
    const node = event.target.closest?.("[data-card]");
    if (!node) return;
    if (pressing) wanted = Number(node.dataset.card); else activate(Number(node.dataset.card)); // nothing may shift under a finger that is down
  });
  const press = () => { pressing = true; wanted = null; };
  const released = () => setTimeout(() => { pressing = false; if (wanted !== null) activate(wanted); wanted = null; }, 30);

  // ---- menus
  let menuFor = null;
  function openMenu(near, title, entries) {
    menu.replaceChildren(h("div", { className: "kb-menu-title", role: "presentation", textContent: title }));
    for (const [label, run, kind] of entries) {
      if (!run) menu.append(h("div", { className: "kb-menu-part", role: "presentation", textContent: label }));
      else menu.append(h("button", { type: "button", role: "menuitem", tabIndex: -1, className: kind ?? "", textContent: label, onclick: () => { closeMenu(); run(); if (!board.getRootNode().activeElement?.closest?.(".kz-board") && near.isConnected) near.focus({ preventScroll: true }); } }));
    }
    menu.setAttribute("aria-label", title);
    menuFor = near;
    lift(menu);
    const at = near.getBoundingClientRect(), wide = window.innerWidth > 640;
    const width = menu.offsetWidth, height = menu.offsetHeight;
    menu.style.left = wide ? `${Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8))}px` : "0";
    menu.style.top = wide ? `${Math.max(8, at.bottom + 4 + height > window.innerHeight ? Math.min(at.top - height - 4, window.innerHeight - height - 8) : at.bottom + 4)}px` : "auto";
    menu.querySelector("button")?.focus({ preventScroll: true });
  }
  function closeMenu(back = false) {
    if (!menuFor) return;
    lower(menu);
    const near = menuFor;
    menuFor = null;
    if (back) near.focus({ preventScroll: true });
  }
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")], at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) { event.preventDefault(); items.at(to % items.length).focus(); }
    if (event.key === "Escape" || event.key === "Tab") { event.preventDefault(); closeMenu(true); }
    event.stopPropagation();
  });
  function cardMenu(which, near, id = which[0]) {
    const here = new Set(which.map(whereIs)), only = here.size === 1 ? [...here][0] : null;
    const go = (target) => (near === barMove ? put(which, target) : onward(which, target));
    const likely = offered.card === id ? offered.themes.filter((one) => boxOf(one) && one !== only) : [];
    const others = state.boxes.filter((one) => one.id !== only && !likely.includes(one.id));
    openMenu(near, which.length > 1 ? `選んだ${which.length}枚を移す` : `「${brief(which[0], 18)}」を移す`, [
      ...(likely.length ? [["おすすめ"], ...likely.map((one) => [called(one), () => go(one), "likely"])] : []),
      ...(others.length ? [[likely.length ? "ほかのまとまり" : "まとまり"], ...others.map((one) => [called(one.id), () => go(one.id)])] : []),
      ["そのほか"], ["新しいまとまりにする", () => make(which)],
      ...(only === ASIDE ? [] : [["わきに置く", () => go(ASIDE)]]), ...(only === LOOSE ? [] : [["まだ分けていない声に戻す", () => go(LOOSE)]])]);
  }
  function boxMenu(one) {
    const box = boxOf(one.id), inside = box.cards.filter((card) => chosen.has(card));
    const others = state.boxes.filter((other) => other !== box);
    openMenu(one.more, `「${called(one.id)}」の操作`, [
      ...(chosen.size ? [[`選んだ${chosen.size}枚を、ここに移す`, () => put([...chosen], one.id)]] : []),
      ...(inside.length ? [[`選んだ${inside.length}枚を分けて、新しいまとまりにする`, () => make(inside)]] : []),
      ["まとまりをほどく（声は消えません）", () => { tell("まとまりをほどきました"); act({ kind: "dissolve", theme: real(one.id) }); }],
      ...(others.length ? [["ほかのまとまりと合わせる"], ...others.map((other) => [`「${called(other.id)}」と合わせる`, () => { tell("一つにしました"); act({ kind: "merge", theme: real(one.id), into: real(other.id) }); }])] : [])]);
  }

  // ---- carrying cards, by pointer or by keys
  function take(which, keyboard) {
    carried = { cards: which, from: whereIs(which[0]), target: whereIs(which[0]), keyboard };
    for (const card of which) cards.get(card)?.node.classList.add("carried");
    dock.replaceChildren(...[...order(), FRESH].map((id) => { const chip = h("div", { className: "kb-chip" }, h("span", { textContent: called(id) }), id === FRESH ? "" : h("small", { textContent: `${content(id).length}枚` })); chip.dataset.box = id; return chip; }));
    dock.classList.toggle("keys", keyboard);
    lift(dock);
    aim(carried.target);
  }
  function aim(id) {
    carried.target = id;
    for (const node of board.querySelectorAll("[data-box]")) node.classList.toggle("target", id !== null && node.dataset.box === String(id));
    if (carried.keyboard) dock.querySelector(".target")?.scrollIntoView({ block: "nearest" });
  }
  function drop(put_down) {
    const { cards: which, target, keyboard, from } = carried;
    for (const node of board.querySelectorAll(".carried")) node.classList.remove("carried");
    aim(null);
    carried = null;
    lower(dock); lower(ghost);
    if (put_down && target !== null && target !== from) put(which, target);
    else if (postponed) draw();
    if (keyboard) {
      const node = cards.get(which[0])?.node;
      node?.focus({ preventScroll: true });
      node?.scrollIntoView({ block: "nearest" });
      if (!put_down) tell("元の場所に戻しました");
    }
    ask();
  }
  board.addEventListener("keydown", (event) => {
    const node = event.target.closest("[data-card]");
    if (!node || event.target !== node || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = Number(node.dataset.card), keys = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    if (carried) {
      const all = [...order(), FRESH];
      if (event.key in keys) {
        const to = all[(all.indexOf(carried.target) + keys[event.key] + all.length) % all.length];
        aim(to);
        tell(to === FRESH ? called(to) : `「${called(to)}」、${content(to).length}枚`);
      } else if (event.key === "Enter" || event.key === " ") drop(true);
      else if (event.key === "Escape") drop(false);
      else if (event.key === "Tab") { drop(false); event.stopPropagation(); return; }
      else return;
    } else if (event.key === "Enter" || event.key === " ") {
      take(company(id), true);
      tell(`${carried.cards.length}枚を持ちました。矢印キーで行き先を選び、エンターキーで置きます。エスケープキーでやめます`);
    } else if (event.key in keys) {
      const next = keys[event.key] > 0 ? node.nextElementSibling : node.previousElementSibling;
      if (next) { if (event.shiftKey) { anchor ??= id; choose(Number(next.dataset.card), true, true); } next.focus(); }
    } else if (event.key === "Escape" && chosen.size) { chosen.clear(); draw(); } else return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab has keys of its own
  });

  let down = null, scrolling = 0;
  board.addEventListener("pointerdown", (event) => {
    press();
    const node = event.target.closest(".kb-card");
    if (!node || event.button !== 0 || carried || event.target.closest("button, input, textarea, summary, label, a")) return;
    const id = Number(node.dataset.card), touch = event.pointerType !== "mouse", grip = event.target.closest(".kb-grip");
    down = { id, x: event.clientX, y: event.clientY, pointer: event.pointerId, touch, grip, hold: 0 };
    if (touch && !grip) down.hold = setTimeout(() => { if (down) { begin(); navigator.vibrate?.(15); } }, 420);
    if (grip && touch) event.preventDefault();
  });
  function begin() {
    clearTimeout(down.hold);
    closeMenu();
    take(company(down.id), false);
    ghost.textContent = carried.cards.length > 1 ? `${carried.cards.length}枚の声` : `「${brief(down.id, 24)}」`;
    lift(ghost);
    follow(down.x, down.y);
    scrolling = requestAnimationFrame(scroll);
  }
  function follow(x, y) {
    down.x = x; down.y = y;
    ghost.style.transform = `translate(${Math.min(x + 12, window.innerWidth - ghost.offsetWidth - 4)}px, ${y + 10}px)`;
    const under = board.getRootNode().elementFromPoint(x, y)?.closest("[data-box]");
    aim(under && board.contains(under) ? keyOf(under.dataset.box) : null);
  }
  const keyOf = (text) => (/^\d+$/.test(text) ? Number(text) : text);
  function scroller() {
    for (let node = board.parentElement; node; node = node.parentElement)
      if (node.scrollHeight > node.clientHeight + 4 && /auto|scroll/.test(getComputedStyle(node).overflowY)) return node;
    return document.scrollingElement;
  }
  function scroll() {
    if (!carried || carried.keyboard || !down) return;
    const edge = dock.getBoundingClientRect(), { x, y } = down;
    if (y > edge.top) dock.scrollBy({ top: y > window.innerHeight - 40 ? 6 : y < edge.top + 40 ? -6 : 0, behavior: "instant" });
    const zone = 70, bottom = edge.top || window.innerHeight;
    const by = y < zone ? y - zone : y > bottom - zone && y < bottom ? y - (bottom - zone) : 0;
    if (by) { (down.scroller ??= scroller()).scrollBy({ top: by / 4, behavior: "instant" }); follow(x, y); }
    scrolling = requestAnimationFrame(scroll);
  }
  const onMove = (event) => {
    if (!down || event.pointerId !== down.pointer) return;
    const far = Math.hypot(event.clientX - down.x, event.clientY - down.y);
    if (carried && !carried.keyboard) { event.preventDefault(); follow(event.clientX, event.clientY); return; }
    if (down.touch && !down.grip) { if (far > 10) { clearTimeout(down.hold); down = null; } return; }
    if (far > 5) { begin(); follow(event.clientX, event.clientY); }
  };
  const onEnd = (event) => {
    released();
    if (!down || event.pointerId !== down.pointer) return;
    clearTimeout(down.hold);
    cancelAnimationFrame(scrolling);
    if (carried && !carried.keyboard) drop(event.type === "pointerup");
    down = null;
  };
  const onTouch = (event) => { if (carried && !carried.keyboard && event.cancelable) event.preventDefault(); };
  const onEscape = (event) => { if (event.key === "Escape" && carried && !carried.keyboard) { down = null; drop(false); tell("元の場所に戻しました"); } };
  const onOutside = (event) => { if (menuFor && !menu.contains(event.target) && event.target !== menuFor) closeMenu(); };
  const onHidden = () => { const at = document.activeElement; if (document.visibilityState === "hidden" && board.contains(at) && at.matches("textarea")) at.blur(); };
  let folded = [];
  const beforePrint = () => { // nothing is cut on paper: every card, and all of its words
    printing = true;
    draw();
    folded = [...board.querySelectorAll(".kb-card details:not([open])")];
    for (const more of folded) more.open = true;
  };
  const afterPrint = () => { printing = false; for (const more of folded) more.open = false; draw(); };
  board.addEventListener("contextmenu", (event) => { if (carried || (down && down.touch)) event.preventDefault(); });
  board.addEventListener("touchmove", onTouch, { passive: false });
  const ears = [[window, "pointermove", onMove], [window, "pointerup", onEnd], [window, "pointercancel", onEnd], [window, "keydown", onEscape], [document, "pointerdown", onOutside],
    [document, "visibilitychange", onHidden], [window, "beforeprint", beforePrint], [window, "afterprint", afterPrint]];
  for (const [where, what, run] of ears) where.addEventListener(what, run);
  const size = new ResizeObserver(() => { const count = Math.max(1, Math.min(4, Math.floor((grid.clientWidth || 900) / 300))); if (count !== columns && grid.clientWidth && !carried) draw(); });
  size.observe(grid);

  // ---- what the workbook says
  const onArrangement = () => {
    base = model.get("arrangement");
    pending = pending.filter((one) => one.seq > (base.done[me] ?? 0));
    if (!pending.length) { clearTimeout(late); show(sending, false); }
    board.dataset.settled = pending.length ? "" : String(seq);
    settle();
    if (!pending.length) ask();
  };
  const onVoices = () => { voices = model.get("voices"); for (const [card, one] of cards) if (JSON.stringify(voices[card]) !== one.said) { one.node.remove(); cards.delete(card); } };
  const offer = () => { if (pressing) setTimeout(offer, 60); else if (carried) postponed = true; else draw(); };
  const onMessage = (message) => {
    if (message.kind === "suggested") { asking = null; offered = message; offer(); if (active !== message.card) ask(); }
    if (message.kind === "failed" && message.from === me) {
      const lost = pending.find((one) => one.seq === message.seq);
      const place_ = lost?.kind === "story" ? story : lost?.kind === "note" ? places.get(real(lost.theme))?.note : null;
      if (place_) { place_.kept = true; place_.seen = lost.seen; } // the words stay in the field until they could be saved
    }
  };
  model.on("change:arrangement", onArrangement);
  model.on("change:voices", onVoices);
  model.on("msg:custom", onMessage);
  draw();
  return () => {
    clearTimeout(askLater);
    clearTimeout(late);
    size.disconnect();
    for (const [where, what, run] of ears) where.removeEventListener(what, run);
    model.off("change:arrangement", onArrangement);
    model.off("change:voices", onVoices);
    model.off("msg:custom", onMessage);
  };
}
export default { render };
