// Draws a page and watches it: document.body.dataset.kizuna says how far it is (connecting, restoring, drawing, ready); a band says when it has lost its kernel.
(() => {
  "use strict";

  const LOST_AFTER = 3000; // ms without a connection; a page that is only being left, or a short sleep, is not a loss
  const LOOK = 10; // ms between two looks whether a page is ready
  const SHAPING = 5000; // ms for the forms of a page that is drawn to stand; a part that never comes must not hold up the rest
  const PATIENCE = 60000; // ms for a page to come whole, and to be drawn; then the band offers to open it anew, or it is shown as it is
  const STUCK = 20000; // ms for a page that came whole to know its widgets; it takes about a second, on a very busy machine three
  const GONE = ["restarting", "autorestarting", "terminating", "dead"]; // a kernel that starts anew knows nothing of this page

  const OUTPUTS = 'script[type="application/vnd.kizuna.output+json"]'; // see index.html.j2

  const $ = (id) => document.getElementById(id);
  let open = 0;
  let gone = false;
  let waiting = 0;

  // ---- what Voilà's scripts call
  let finished = false;
  window.voila_heartbeat = () => {};
  let enter;
  const inside = new Promise((resolve) => (enter = resolve));
  window.voila_process = enter; // at the top of each cell
  window.voila_finish = () => {
    enter();
    finished = true;
  };

  // The app is fetched, read and begun while the kernel still works.
  document.head.append(Object.assign(document.createElement("script"), { src: document.currentScript.dataset.app }));

  // Voilà's beginning waits for the whole page (it alone is asynchronous among those who do). Here it goes ahead, up to the point where it hears of
  // its kernel: that comes when the page is whole, and on it rest the widgets and all drawing.
  const whole = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  const listen = window.addEventListener;
  window.addEventListener = function (kind, begin, ...more) {
    if (kind === "load" && begin?.constructor.name === "AsyncFunction") inside.then(begin);
    else listen.call(this, kind, begin, ...more);
  };
  const ask = window.fetch;
  window.fetch = async (asked, ...more) => {
    if (String(asked.url ?? asked).includes("/api/kernels/")) {
      performance.mark("kizuna-begun"); // the app is all there
      await whole; // earlier there may be no such kernel yet
    }
    return ask(asked, ...more);
  };

  // No page holds formulae: this stands where MathJax would, a megabyte of scripts.
  const nothing = () => {};
  window.MathJax = { Hub: { Config: nothing, Configured: nothing, Queue: nothing, Register: { StartupHook: nothing } } };

  // ---- the band
  function show(lost) {
    const band = $("kizuna-lost");
    if (band) band.hidden = !lost;
    if (lost) $("kizuna-loading")?.remove();
  }

  function lose() {
    gone = true;
    show(true);
  }

  async function reopen() {
    // Where the program itself has ended, opening anew would put the browser's error in the place of what is still shown.
    try {
      await fetch("/voila/static/voila.js", { method: "HEAD", cache: "no-store" });
      location.reload();
    } catch {
      $("kizuna-stopped").hidden = false;
    }
  }

  // ---- the connection: seen at the WebSocket itself, for Voilà keeps trying in silence
  window.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      if (!String(args[0]).includes("/api/kernels/")) return;
      let counted = false;
      this.addEventListener("open", () => {
        counted = true;
        open += 1;
        clearTimeout(waiting);
        if (!gone) show(false);
      });
      this.addEventListener("close", () => {
        if (counted) open -= 1;
        clearTimeout(waiting);
        waiting = setTimeout(() => open === 0 && show(true), LOST_AFTER);
      });
    }
  };

  // What was asked over a connection that broke breaks off with it; the band tells of that.
  window.addEventListener("unhandledrejection", (event) => event.reason?.message === "Kernel connection disconnected" && event.preventDefault());

  // ---- the person's place: a page opens where they left it, unless the address names a place or they have moved already
  const anew = `kizuna-anew:${location.pathname}`; // that the page was opened anew by itself, see below
  const kept = (() => {
    try {
      return sessionStorage;
    } catch {
      return { [anew]: "yes" }; // a browser that keeps nothing would open it anew for ever
    }
  })();
  const place = `kizuna-place:${location.pathname}`;
  let moved = false;
  history.scrollRestoration = "manual"; // the browser would try before the page is long enough
  document.addEventListener("scroll", () => (moved = true), { once: true, passive: true });
  window.addEventListener("pagehide", () => {
    if (moved || document.body.dataset.kizuna === "ready") kept[place] = String(Math.round(scrollY));
  });

  function goBack() {
    if (!moved && !location.hash && Number(kept[place])) scrollTo({ top: Number(kept[place]), behavior: "instant" });
  }

  // ---- what the cells show
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const restored = (manager) => manager.restoredStatus || new Promise((resolve) => manager.restored.connect(resolve));

  // Drawn once every widget of the page is known here. Voilà would draw as soon as it is connected; the widgets' library then looks for each widget for two
  // seconds, and where the machine is busy for longer an error stands in the form's place.
  function draw(output, { rendermime }) {
    const shown = JSON.parse(output.textContent);
    const kind = rendermime.preferredMimeType(shown.data, "any");
    const place = output.parentElement;
    output.remove();
    if (!kind) return; // nothing of a kind that is shown
    const renderer = rendermime.createRenderer(kind);
    renderer.addClass("jp-OutputArea-output");
    const drawn = renderer.renderModel(shown);
    renderer.constructor.attach(renderer, place);
    return drawn;
  }

  // A box begins its parts before it counts as made: every form stands when all that was begun is made and nothing more has been begun.
  async function stands(manager) {
    let views = [];
    let before;
    do {
      before = views.length;
      const models = await Promise.all([...manager.registeredModels].filter((id) => manager.has_model(id)).map((id) => manager.get_model(id)));
      views = models.flatMap((model) => Object.values(model.views ?? {}));
      await Promise.allSettled(views);
    } while (views.length !== before);
  }

  // ---- ready
  const stage = (name) => (document.body.dataset.kizuna = name);

  // A page that came whole but hears nothing of its widgets is opened anew by itself, once: nothing has been written on it yet.
  function openAnew() {
    if (gone) return;
    if (kept[anew]) return lose();
    kept[anew] = "yes";
    location.reload();
  }

  async function watch(manager) {
    const kernel = manager.kernel;
    if (GONE.includes(kernel.status)) lose();
    kernel.statusChanged.connect((_, status) => GONE.includes(status) && lose());
    stage("restoring");
    await restored(manager);
    stage("drawing");
    const drawn = [...document.querySelectorAll(OUTPUTS)].map((output) => draw(output, manager));
    await Promise.race([Promise.allSettled(drawn), pause(PATIENCE)]);
    await Promise.race([stands(manager), pause(SHAPING)]);
    $("kizuna-loading")?.remove();
    goBack();
    stage("ready");
    delete kept[anew];
    performance.mark("kizuna-ready"); // benchmarks/pages.py reads it
  }

  const slow = setTimeout(() => show(true), PATIENCE);
  document.addEventListener("click", (event) => event.target.id === "kizuna-again" && reopen());
  document.addEventListener("DOMContentLoaded", async () => {
    clearTimeout(slow);
    show(false);
    if (!finished) return lose(); // the page broke off on its way here
    stage("connecting");
    setTimeout(() => ["connecting", "restoring"].includes(document.body.dataset.kizuna) && openAnew(), STUCK);
    while (!window.jupyterapp?.widgetManager) await pause(LOOK);
    watch(window.jupyterapp.widgetManager);
  });

  // A page taken from the browser's memory (the back button) has lost its kernel.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
