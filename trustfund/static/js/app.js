// The little that pages do in the browser. Everything works without it but passkeys, which need a script.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // --- where the reader's eye should go after an answer -------------------------------------------------------
  const announceProblem = (root) => {
    const problem = root.querySelector?.("[data-problem]");
    if (problem) problem.focus();
  };

  // --- passkeys: the browser asks, the form carries the answer ------------------------------------------------
  const fromBase64 = (text) => {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0)).buffer;
  };
  const toBase64 = (buffer) => {
    const text = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withIds = (list) => (list || []).map((one) => ({ ...one, id: fromBase64(one.id) }));
  const askPasskey = async (options) => {
    const publicKey = { ...options, challenge: fromBase64(options.challenge) };
    let found;
    if (options.user) {
      publicKey.user = { ...options.user, id: fromBase64(options.user.id) };
      publicKey.excludeCredentials = withIds(options.excludeCredentials);
      found = await navigator.credentials.create({ publicKey });
    } else {
      publicKey.allowCredentials = withIds(options.allowCredentials);
      found = await navigator.credentials.get({ publicKey });
    }
    const response = { transports: found.response.getTransports?.() };
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[part]) response[part] = toBase64(found.response[part]);
    }
    return {
      id: found.id,
      rawId: toBase64(found.rawId),
      type: found.type,
      clientExtensionResults: found.getClientExtensionResults(),
      response,
    };
  };
  const wirePasskey = (box) => {
    if (!window.PublicKeyCredential) return;
    const [button] = all("[data-use-passkey]", box);
    const [failed] = all("[data-passkey-failed]", box);
    const field = box.dataset.passkeyField || "passkey";
    all(".passkey", box).forEach((part) => (part.hidden = false));
    button.addEventListener("click", async () => {
      const form = box.closest("form");
      const code = form.elements.namedItem("code");
      if (code) code.value = "";
      if (!form.reportValidity()) return;
      failed.hidden = true;
      button.disabled = true;
      try {
        const answer = await askPasskey(JSON.parse(box.dataset.passkey));
        form.elements.namedItem(field).value = JSON.stringify(answer);
        form.requestSubmit();
      } catch (error) {
        failed.hidden = false;
        button.disabled = false;
        console.info("The passkey did not answer:", error.name);
      }
    });
  };

  // --- colours: kept in a cookie, so that the server writes them and nothing flashes --------------------------
  const wireThemes = (group) => {
    const root = document.documentElement;
    const show = () =>
      all("button", group).forEach((button) =>
        button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme || "system"))),
      );
    group.addEventListener("click", (event) => {
      const theme = event.target.closest("button")?.value;
      if (!theme) return;
      if (theme === "system") delete root.dataset.theme;
      else root.dataset.theme = theme;
      const age = theme === "system" ? 0 : 31536000;
      document.cookie = `theme=${theme};path=/;max-age=${age};samesite=strict`;
      show();
    });
    group.hidden = false;
    show();
  };

  // --- small comforts -----------------------------------------------------------------------------------------
  const wireToast = (button) => {
    const toast = button.closest(".toast");
    let timer = 0;
    const leave = () => (timer = setTimeout(() => toast.remove(), 8000));
    button.hidden = false;
    button.addEventListener("click", () => toast.remove());
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, leave);
    leave();
  };
  const wireSelfSending = (form) => {
    all("button", form).forEach((button) => (button.hidden = true));
    form.addEventListener("change", () => form.requestSubmit());
  };
  // The demonstration's list of people fills the sign-in form.
  const wireSignIn = (button) => {
    const form = document.querySelector("form:has(input[name=login])");
    if (!form) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      form.elements.namedItem("login").value = button.dataset.signIn;
      form.elements.namedItem("password").value = button.dataset.password;
      form.querySelector("button[type=submit]").focus();
    });
  };
  // A second click on a slow answer must not send twice.
  const sendOnce = (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000);
  };

  // Totals of a list of amounts: <output data-total-of="input[name$=-amount]">, counted in minor units.
  const minorUnits = (text, places) => {
    const found = text.replace(/[\s,]/g, "").match(/^(\d*)(?:\.(\d*))?$/);
    return found && found[2]?.length > places ? null : found && BigInt((found[1] || "0") + (found[2] || "").padEnd(places, "0"));
  };
  const wireTotal = (output) => {
    const places = Number(output.dataset.places || 2);
    const show = () => {
      const amounts = all(output.dataset.totalOf).map((input) => minorUnits(input.value, places));
      if (amounts.includes(null)) return void (output.value = "–");
      const digits = String(amounts.reduce((sum, one) => sum + one, 0n)).padStart(places + 1, "0");
      const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
      output.value = places ? `${whole}.${digits.slice(-places)}` : whole;
    };
    document.addEventListener("input", show);
    show();
  };

  const wire = (root) => {
    all("[data-passkey]", root).forEach(wirePasskey);
    all("[data-themes]", root).forEach(wireThemes);
    all("[data-dismiss]", root).forEach(wireToast);
    all("[data-sends-itself]", root).forEach(wireSelfSending);
    all("[data-sign-in]", root).forEach(wireSignIn);
    all("output[data-total-of]", root).forEach(wireTotal);
    announceProblem(root);
  };

  // On a phone the places of the header scroll sideways: begin with the one that one reads.
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.addEventListener("submit", sendOnce);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => (menu.open = false));
  });
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("htmx:afterSwap", (event) => wire(event.detail.target));
  document.addEventListener("htmx:sendError", () => {
    const bar = document.getElementById("offline");
    const retry = document.createElement("button");
    retry.className = "btn quiet small";
    retry.textContent = bar.dataset.retry;
    retry.addEventListener("click", () => location.reload());
    bar.replaceChildren(bar.dataset.words, " ", retry);
  });
  document.addEventListener("htmx:afterOnLoad", () => document.getElementById("offline").replaceChildren());
  wire(document);
})();
