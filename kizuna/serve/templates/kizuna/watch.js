// Watches a page: says when it is ready (document.body.dataset.kizuna = "ready"), and says when it has lost its kernel.
(() => {
  "use strict";

  const LOST_AFTER = 3000; // ms without a connection; a page that is only being left, or a short sleep, is not a loss
  const QUIET = 80; // ms without a change before a page counts as ready
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

  // The app waits for the whole page before it begins, but it can be fetched and read while the kernel still works.
  const app = document.currentScript.dataset.app;
  let loaded = false;
  function load() {
    if (loaded) return;
    loaded = true;
    document.head.append(Object.assign(document.createElement("script"), { src: app }));
  }

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
  let changed = since;
  const complete = (manager) =>
    manager.restoredStatus &&
    !document.querySelector('script[type="application/vnd.voila.cell-output+json"]') &&
    ![...document.querySelectorAll(".jp-OutputArea-output")].some((node) => node.textContent === "Loading widget...") &&
    performance.now() - changed > QUIET;

  function watch(manager) {
    const kernel = manager.kernel;
    if (GONE.includes(kernel.status)) lose();
    kernel.statusChanged.connect((_, status) => GONE.includes(status) && lose());
    const observer = new MutationObserver(() => (changed = performance.now()));
    observer.observe($("rendered_cells"), { childList: true, subtree: true });
    const timer = setInterval(() => {
      if (!complete(manager) && performance.now() - since < PATIENCE) return;
      clearInterval(timer);
      observer.disconnect();
      $("kizuna-loading")?.remove();
      goBack();
      document.body.dataset.kizuna = "ready";
      performance.mark("kizuna-ready"); // benchmarks/pages.py reads it
    }, 20);
  }

  document.addEventListener("DOMContentLoaded", () => {
    $("kizuna-again").addEventListener("click", reopen);
    if (!finished) return lose(); // the page broke off on its way here
    const timer = setInterval(() => {
      const manager = window.jupyterapp?.widgetManager;
      if (manager) watch(manager);
      else if (performance.now() - since > PATIENCE) lose();
      else return;
      clearInterval(timer);
    }, 20);
  });

  // A page taken from the browser's memory (the back button) has lost its kernel.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
