// What makes pages livelier that work without: the amount in capitals while it is typed, clocks that tick by the
// server's time, the summary of what is wrong getting the focus. No page needs any of it.
(() => {
  "use strict";

  // The server's time: what the page says it was made at, moved on by this machine's own steady clock. A stream that
  // knows better says so by a "market:now" event with the server's instant.
  let base = { server: Date.parse(document.body.dataset.now), here: performance.now() };
  const now = () => base.server + (performance.now() - base.here);
  document.addEventListener("market:now", (event) => {
    const server = Date.parse(event.detail);
    if (!Number.isNaN(server)) base = { server, here: performance.now() };
  });

  const HOUR = 3600, MINUTE = 60, BEIJING = 8 * HOUR * 1000;

  // As formatting.duration writes it.
  function duration(seconds) {
    const parts = [[Math.floor(seconds / HOUR), "小时"], [Math.floor((seconds % HOUR) / MINUTE), "分"],
                   [seconds % MINUTE, "秒"]].filter(([count]) => count);
    if (!parts.length) return "0 秒";
    if (parts.length === 1 && parts[0][1] === "分") return `${parts[0][0]} 分钟`;
    return parts.map(([count, name]) => `${count} ${name}`).join(" ");
  }

  function tick() {
    const at = now();
    for (const one of document.querySelectorAll("time[data-until]")) {
      const left = Math.max(0, Math.ceil((Date.parse(one.dataset.until) - at) / 1000));
      const words = duration(left);
      if (one.textContent !== words) one.textContent = words;
    }
    for (const one of document.querySelectorAll("time[data-clock]")) {
      const words = new Date(at + BEIJING).toISOString().slice(11, 19);
      if (one.textContent !== words) one.textContent = words;
    }
  }

  // As commons.money.capitals writes it; "" for what is no amount.
  const DIGITS = "零壹贰叁肆伍陆柒捌玖", SMALL = ["", "拾", "佰", "仟"], GROUPS = ["", "万", "亿", "万亿"];

  function whole(digits) {
    let words = "", missing = false;
    for (let index = 0; index < digits.length; index += 1) {
      const power = digits.length - 1 - index, digit = Number(digits[index]);
      if (digit) {
        words += (missing ? "零" : "") + DIGITS[digit] + SMALL[power % 4];
        missing = false;
      } else {
        missing = true;
      }
      if (power % 4 === 0 && Number(digits.slice(Math.max(0, index - 3), index + 1))) words += GROUPS[power / 4];
    }
    return words;
  }

  function capitals(typed) {
    const plain = typed.normalize("NFKC").replace(/(?<=\d)[,，](?=\d{3}(?:\D|$))|\s/g, "").replace(/元$/, "");
    const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain);
    if (!found) return "";
    const yuan = found[1].replace(/^0+/, ""), [jiao, fen] = [...(found[2] || "").padEnd(2, "0")].map(Number);
    let words = yuan ? `${whole(yuan)}元` : "";
    if (!jiao && !fen) return `${words || "零元"}整`;
    if (jiao) words += `${DIGITS[jiao]}角`;
    else if (yuan) words += DIGITS[0];
    return fen ? `${words}${DIGITS[fen]}分` : `${words}整`;
  }

  document.addEventListener("input", (event) => {
    const place = document.getElementById(event.target.dataset?.capitals || "");
    if (!place) return;
    const words = capitals(event.target.value);
    place.textContent = words ? place.dataset.words + words : "";
  });

  // What is wrong with a form is read out and reached at once, also when it came by script.
  function reach(part) {
    const place = part.matches?.("[data-focus]") ? part : part.querySelector?.("[data-focus]");
    if (place) place.focus();
  }
  document.addEventListener("htmx:after:swap", (event) => {
    reach(document.getElementById(event.detail?.ctx?.target?.id) || document);
  });

  // Nobody answered: whether it was done is not known, and sending the same form again does it once.
  document.addEventListener("htmx:error", (event) => {
    const place = event.detail?.ctx?.target;
    if (!place?.classList?.contains("faults")) return;
    place.querySelector(".unanswered")?.remove();
    const note = document.createElement("p");
    note.className = "note note--bad unanswered";
    note.setAttribute("role", "alert");
    note.textContent = "没有收到服务器的回答，不知道是否已经提交。请再提交一次：同一张表只办一次。";
    place.prepend(note);
  });

  // A menu behind its name closes when one looks elsewhere.
  const close = (within) => {
    for (const one of document.querySelectorAll("details.more[open]")) if (!one.contains(within)) one.open = false;
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(null);
  });

  reach(document);
  if (document.querySelector("time[data-until], time[data-clock]") || document.querySelector("[data-live]")) {
    tick();
    setInterval(tick, 250);
  }
})();
