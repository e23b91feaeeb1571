// 竞价室: ticks by the server's clock, takes updates as they come, reckons while one types. The page does without it.
(() => {
  "use strict";
  const page = document.querySelector("[data-room]");
  if (!page || !window.EventSource) return;
  const one = (selector, within = page) => within.querySelector(selector);
  const say = one("[data-say]"), lost = one("[data-lost]"), link = one("[data-link]");
  const SILENT_MS = 12500, GRACE_MS = 3000, AGAIN_MS = 15000, SPOKEN = [60, 30, 10];
  let mark = page.dataset.mark, offset = 0, heardAt = performance.now(), heardClock = page.dataset.now;
  let source = null, isOver = false, rank = rankNow(), spoken = null, left = null;

  // the clock: server time = our monotonic clock + offset, told anew by every message
  const setClock = (text) => { offset = Date.parse(text) - performance.now(); };
  const serverNow = () => performance.now() + offset;
  setClock(page.dataset.now);
  const clock = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, hourCycle: "h23",
  });
  const countdown = (seconds) => {
    const two = (value) => String(value).padStart(2, "0");
    const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24;
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const time = hours || days ? `${hours}:${rest}` : rest;
    return days ? `${days} 天 ${time}` : time;
  };
  const tick = () => {
    if (isOver) return;
    one("[data-clock]").textContent = clock.format(new Date(serverNow()));
    const cell = one("[data-until]"), until = cell && Date.parse(cell.dataset.until);
    if (until) {
      const seconds = Math.max(0, Math.ceil((until - serverNow()) / 1000));
      cell.textContent = countdown(seconds);
      speakTime(seconds, cell.dataset.until);
    }
    setLost(source !== null && performance.now() - heardAt > SILENT_MS);
  };
  const speakTime = (seconds, until) => {
    if (page.dataset.phase === "round" && left !== null) {
      const reached = SPOKEN.find((at) => left > at && seconds <= at && seconds > at - 3);
      if (reached && spoken !== `${until}/${reached}`) {
        spoken = `${until}/${reached}`;
        say.textContent = `本轮还剩 ${reached} 秒`;
      }
    }
    left = seconds;
  };

  // the connection
  const setLost = (isLost) => {
    if (lost.hidden === !isLost) return;
    lost.hidden = !isLost;
    one("[data-last]").textContent = clock.format(new Date(Date.parse(heardClock)));
    link.textContent = isLost ? "连接已断开" : "已连接";
  };
  const heard = (now) => {
    heardAt = performance.now(); heardClock = now; setClock(now);
    setLost(false); link.textContent = "已连接";
  };
  const listen = () => {
    source = new EventSource(`${page.dataset.events}?after=${encodeURIComponent(mark)}`);
    source.addEventListener("room", (event) => { mark = event.lastEventId || mark; update(JSON.parse(event.data)); });
    source.addEventListener("beat", (event) => heard(JSON.parse(event.data).now));
    source.addEventListener("gone", () => { source.close(); location.reload(); });
    source.onerror = () => {
      heardAt = Math.min(heardAt, performance.now() - SILENT_MS + GRACE_MS);
      if (source.readyState === EventSource.CLOSED && !isOver) { source.close(); setTimeout(listen, AGAIN_MS); }
    };
  };

  // updates: the very parts of the page, as the server made them
  const put = (name, html) => {
    const place = one(`[data-part="${name}"]`);
    if (!place || place.innerHTML === html) return;
    const open = [...place.querySelectorAll("details")].map((each) => each.open);
    place.innerHTML = html;
    place.querySelectorAll("details").forEach((each, index) => { each.open = open[index] || false; });
    keepDisplay(place);
  };
  const keepDisplay = (place) => {
    const display = new URLSearchParams(location.search).get("display");
    if (!display) return;
    for (const each of place.querySelectorAll('a[href^="/"]')) {
      const to = new URL(each.href);
      to.searchParams.set("display", display);
      each.href = to.pathname + to.search + to.hash;
    }
  };
  const markOwn = () => {
    const number = page.dataset.number;
    if (number === undefined) return;
    for (const row of page.querySelectorAll("tr[data-number]")) row.classList.toggle("pick", row.dataset.number === number);
    for (const dot of page.querySelectorAll("circle[data-number]")) {
      if (dot.dataset.number !== number) continue;
      dot.setAttribute("class", "dot dot--me");
      dot.setAttribute("r", "6");
    }
  };
  function rankNow() {
    const cell = one("[data-rank]");
    return cell ? cell.dataset.rank : null;
  }
  const update = (told) => {
    heard(told.now);
    page.dataset.phase = told.phase;
    for (const [name, html] of Object.entries(told.shared)) put(name, html);
    if (told.own) for (const [name, html] of Object.entries(told.own)) put(name, html);
    else if (page.dataset.number !== undefined) { source.close(); location.reload(); return; }
    markOwn();
    const now = rankNow();
    if (now !== rank && now) say.textContent = `我方现在第 ${now} 名`;
    rank = now;
    page.dispatchEvent(new CustomEvent("room:update"));
    if (told.over) {
      isOver = true;
      source.close();
      link.textContent = "已结束";
      const form = one("[data-bid]");
      if (form) form.hidden = true;
    }
    page.dataset.seen = mark;
  };

  setInterval(tick, 250);
  isOver = page.dataset.final === "1";
  if (!isOver) listen(); else link.textContent = "已结束";
  window.addEventListener("offline", () => { heardAt = performance.now() - SILENT_MS - 1; tick(); });
})();
