// Watches a page: says when it is ready (document.body.dataset.kizuna = "ready"), and says when it has lost its kernel.
(() => {
  "use strict";

  const LOST_AFTER = 3000; // ms without a connection; a page that is only being left, or a short sleep, is not a loss
  const LOOK = 10; // ms between two looks whether a page is ready
  const SHAPING = 5000; // ms for the forms of a page that is drawn to stand; a part that never comes must not hold up the rest
  const PATIENCE = 60000; // ms until a page that does not get ready is shown as it is, or says that it is lost
  const GONE = ["restarting", "autorestarting", "terminating", "dead"]; // a kernel that starts anew knows nothing of this page

  const $ = (id) => document.getElementById(id);
  const since = performance.now();
  let open = 0;
  let gone = false;
  let waiting = 0;

  // ---- what Voilà's scripts call
  let finished = false;
  window.voila_heartbeat = () => {};
  window.voila_process = load; // at the top of each cell, as soon as the page's kernel runs
  window.voila_finish = () => {
    load();
    finished = true;
  };

  // The app is fetched, read and begun while the kernel still works.
  const app = document.currentScript.dataset.app;
  let loaded = false;
  function load() {
    if (loaded) return;
    loaded = true;
    document.head.append(Object.assign(document.createElement("script"), { src: app }));
  }

  // Voilà's beginning waits for the whole page (it alone is asynchronous among those who do). Here it goes ahead, up to the point where it hears of
  // its kernel: that comes when the page is whole, and on it rest the widgets and all drawing.
  const whole = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  const listen = window.addEventListener;
  window.addEventListener = function (kind, begin, ...more) {
    if (kind === "load" && begin?.constructor.name === "AsyncFunction") begin();
    else listen.call(this, kind, begin, ...more);
  };
  const ask = window.fetch;
  window.fetch = async (asked, ...more) => {
    const answer = await ask(asked, ...more);
    if (String(asked.url ?? asked).includes("/api/kernels/")) await whole;
    return answer;
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

  // ---- the person's place: a page opens where they left it, unless the address names a place or they have moved already
  const kept = (() => {
    try {
      return sessionStorage;
    } catch {
      return {}; // a browser that keeps nothing
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

  // ---- ready
  const drawn = (manager) =>
    manager.restoredStatus &&
    !document.querySelector('script[type="application/vnd.voila.cell-output+json"]') &&
    ![...document.querySelectorAll(".jp-OutputArea-output")].some((node) => node.textContent === "Loading widget...");

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

  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const late = () => performance.now() - since > PATIENCE;

  async function watch(manager) {
    const kernel = manager.kernel;
    if (GONE.includes(kernel.status)) lose();
    kernel.statusChanged.connect((_, status) => GONE.includes(status) && lose());
    while (!drawn(manager) && !late()) await pause(LOOK);
    await Promise.race([stands(manager), pause(SHAPING)]);
    $("kizuna-loading")?.remove();
    goBack();
    document.body.dataset.kizuna = "ready";
    performance.mark("kizuna-ready"); // benchmarks/pages.py reads it
  }

  document.addEventListener("DOMContentLoaded", async () => {
    $("kizuna-again").addEventListener("click", reopen);
    if (!finished) return lose(); // the page broke off on its way here
    while (!window.jupyterapp?.widgetManager && !late()) await pause(LOOK);
    if (window.jupyterapp?.widgetManager) watch(window.jupyterapp.widgetManager);
    else lose();
  });

  // A page taken from the browser's memory (the back button) has lost its kernel.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
