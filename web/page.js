// What every page needs first: the chosen theme, and the one way to register the
// worker. It blocks the first paint on purpose, so that no page flashes in the
// other theme.
"use strict";

const keysteadPage = (() => {
  try {
    const theme = localStorage.getItem("keystead-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is refused: the system's theme stays.
  }

  // The only policy that the CSP names. It makes no markup and no script, and
  // lets the worker's own URL pass.
  const workerURL = "/sw.js";
  const policy = globalThis.trustedTypes?.createPolicy("console", {
    createScriptURL(url) {
      if (url === workerURL) return url;
      throw new TypeError("not a script of this page");
    },
  });

  // Null where there can be no worker: plain HTTP on a network address, or a
  // certificate that the browser does not trust.
  async function registerWorker() {
    if (!navigator.serviceWorker) return null;
    try {
      return await navigator.serviceWorker.register(
        policy ? policy.createScriptURL(workerURL) : workerURL, { updateViaCache: "none" });
    } catch (error) {
      console.info("No worker, so no offline use:", error.message);
      return null;
    }
  }

  return { registerWorker };
})();
