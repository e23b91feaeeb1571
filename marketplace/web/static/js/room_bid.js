// 报价框: capitals and sums while one types, one look before sending, the receipt. The server alone decides.
(() => {
  "use strict";
  const page = document.querySelector("[data-room]"), form = page && page.querySelector("[data-bid]");
  if (!form || !window.BigInt || !window.HTMLDialogElement) return;
  const one = (selector, within = form) => within.querySelector(selector);
  const range = () => one("[data-range]").dataset;
  const dialog = page.querySelector("[data-check]"), send = one("[data-send]"), said = one("[data-said]");
  const terms = form.dataset, field = (name) => form.elements.namedItem(name);
  const CAPITALS = "零壹贰叁肆伍陆柒捌玖", UNITS = ["", "拾", "佰", "仟"], GROUPS = ["", "万", "亿", "万亿"];
  const BASIS = 10000n;
  let busy = false;

  // amounts are whole fen, as on the server
  const plain = (text) => text.replace(/[０-９．，]/g, (c) => "0123456789.,"["０１２３４５６７８９．，".indexOf(c)]).replace(/[\s,]/g, "");
  const hundredths = (text) => {
    const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain(text || ""));
    return found ? BigInt(found[1]) * 100n + BigInt((found[2] || "").padEnd(2, "0")) : null;
  };
  const yuan = (fen) => {
    const digits = String(fen).padStart(3, "0");
    return `${digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-2)}`;
  };
  const integer = (value) => {
    const digits = String(value);
    let words = "", missing = false;
    for (let power = digits.length - 1; power >= 0; power -= 1) {
      const digit = Number(digits[digits.length - 1 - power]), group = Math.floor(power / 4), place = power % 4;
      if (digit) {
        words += (missing ? CAPITALS[0] : "") + CAPITALS[digit] + UNITS[place];
        missing = false;
      } else missing = words !== "";
      const whole = digits.slice(Math.max(0, digits.length - 4 * (group + 1)), digits.length - 4 * group);
      if (place === 0 && group && Number(whole)) { words += GROUPS[group]; missing = missing && false; }
    }
    return words;
  };
  const capitals = (fen) => {
    const whole = fen / 100n, cents = Number(fen % 100n), jiao = Math.floor(cents / 10), rest = cents % 10;
    let words = whole ? `${integer(whole)}元` : "";
    if (!cents) return `${words || "零元"}整`;
    if (jiao) words += `${CAPITALS[jiao]}角`; else if (whole) words += CAPITALS[0];
    return rest ? `${words}${CAPITALS[rest]}分` : `${words}整`;
  };
  const halfUp = (top, under) => (2n * top + under) / (2n * under);

  const typed = () => {
    const rate = field("rate") ? hundredths(field("rate").value) : null;
    const ceiling = BigInt(terms.ceiling);
    const price = field("rate") ? (rate === null ? null : halfUp(ceiling * (BASIS - rate), BASIS)) : hundredths(field("price").value);
    const days = field("days") ? plain(field("days").value) : "";
    return { price, rate, days: /^\d{1,5}$/.test(days) ? BigInt(days) : null };
  };
  // effective price as a fraction: price × under ÷ over of the coefficient, and the value of days
  const effective = (offer) => {
    const own = range(), top = BigInt(own.coefficientOver), under = BigInt(own.coefficient);
    const worth = (offer.days || 0n) * BigInt(terms.dayValue);
    return [offer.price * top + worth * under, under];
  };
  const objection = (offer) => {
    const own = range();
    if (own.barrier) return "";
    if (offer.price === null) return field("rate") ? "请填写下浮率" : "请填写报价";
    if (field("days") && offer.days === null) return "请填写服务期限";
    if (terms.maxDays && offer.days > BigInt(terms.maxDays)) return `服务期限至多 ${terms.maxDays}`;
    if (offer.price <= 0n) return "报价须大于零";
    if (offer.price > BigInt(terms.ceiling)) return `高于最高限价 ${yuan(BigInt(terms.ceiling))} 元`;
    const [top, under] = effective(offer);
    if (own.limit && top * BigInt(own.limitOver) > BigInt(own.limit) * under) return "降幅不足一个步长";
    if (terms.multiple && (BigInt(own.reference) - offer.price) % BigInt(terms.step)) return "降幅不是步长的整数倍";
    return "";
  };
  const line = (label, value, class_) => {
    const row = document.createElement("div");
    if (class_) row.className = class_;
    for (const text of [label, value]) row.appendChild(document.createElement("span")).textContent = text;
    return row;
  };
  const about = (fraction) => `${fraction[0] % fraction[1] ? "≈ " : ""}${yuan(halfUp(fraction[0], fraction[1]))}`;
  const rows = (offer) => {
    const made = [line("报价", yuan(offer.price))];
    if (offer.days !== null && terms.dayValue !== "0") {
      made.push(line(`期限 ${offer.days} × ${yuan(BigInt(terms.dayValue))}`, yuan(offer.days * BigInt(terms.dayValue))));
    }
    made.push(line("有效价（元）", about(effective(offer)), "tot"));
    return made;
  };
  const reckon = () => {
    const offer = typed(), sum = one("[data-sum]"), words = one("[data-capitals]"), why = one("[data-why]");
    const isBarred = Boolean(range().barrier);
    send.disabled = isBarred || busy;
    if (isBarred) send.setAttribute("aria-describedby", "room-why"); else send.removeAttribute("aria-describedby");
    sum.hidden = offer.price === null || offer.price <= 0n;
    if (sum.hidden) { if (why) why.remove(); return offer; }
    words.textContent = `${field("rate") ? `报价 ${yuan(offer.price)} 元，` : ""}大写：${capitals(offer.price)}`;
    sum.replaceChildren(...rows(offer));
    const verdict = why || sum.parentNode.insertBefore(document.createElement("p"), one('[data-part="range"]'));
    const against = objection(offer), best = range().best;
    verdict.dataset.why = "";
    verdict.className = "small";
    verdict.hidden = isBarred;
    const mark = document.createElement("b");
    mark.className = against ? "t-warn" : "t-ok";
    mark.textContent = against ? `尚不能提交：${against}` : "✓ 可以提交";
    verdict.replaceChildren(mark, against ? "。" : below(offer, best));
    return offer;
  };
  const below = (offer, best) => {
    if (!best) return "。";
    const [top, under] = effective(offer), over = BigInt(range().bestOver), base = BigInt(best);
    const gap = base * under - top * over;
    if (gap === 0n) return "：与当前最优相同。";
    return `：比当前最优${gap > 0n ? "低" : "高"} ${about([gap > 0n ? gap : -gap, under * over])} 元。`;
  };

  const drop = (offer) => {
    const reference = BigInt(range().reference);
    return reference > offer.price ? halfUp((reference - offer.price) * BASIS, reference) : 0n;
  };
  const ask = (offer) => {
    const body = one("[data-check-body]", dialog), steep = one("[data-steep-ask]", dialog), sure = one("[data-sure]", dialog);
    const amount = document.createElement("p"), words = document.createElement("p"), sum = document.createElement("div");
    amount.className = "big"; amount.textContent = `${yuan(offer.price)} 元`;
    words.textContent = capitals(offer.price);
    sum.className = "sum"; sum.append(...rows(offer), line("降幅", `${yuan(drop(offer))}%`));
    body.replaceChildren(amount, words, sum);
    steep.hidden = drop(offer) <= BigInt(terms.steep);
    sure.checked = false;
    const place = one("[data-place]", dialog);
    const allow = () => { place.disabled = !steep.hidden && !sure.checked; };
    sure.onchange = allow;
    allow();
    dialog.returnValue = "";
    dialog.showModal();
  };
  const tell = (text, isBad) => {
    said.hidden = false;
    said.className = `small mt-s ${isBad ? "t-bad" : "t-ok"}`;
    said.textContent = text;
  };
  const random = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const anew = () => {
    field("key").value = `room-${random(16)}`;
    if (field("nonce")) field("nonce").value = random(32);
  };
  const body = (offer) => ({
    agency: terms.agency, terms_digest: field("terms").value, round: Number(field("round").value),
    ...(field("rate") ? { discount_bp: Number(offer.rate) } : { price_fen: Number(offer.price) }),
    ...(offer.days === null ? {} : { days: Number(offer.days) }),
    ...(field("nonce") ? { nonce: field("nonce").value } : {}),
  });
  const place = async (offer) => {
    busy = true; send.disabled = true; send.textContent = "正在提交……";
    try {
      const answer = await fetch(terms.api, {
        method: "POST", credentials: "same-origin", body: JSON.stringify(body(offer)),
        headers: { "Content-Type": "application/json", "Idempotency-Key": field("key").value, "X-CSRF-Token": field("_csrf").value },
      });
      const told = await answer.json();
      if (answer.ok) tell(`已收到：回执第 ${told.seq} 号。`);
      else if (told.code === "step_up_needed") { form.requestSubmit(one("[data-plain]") || undefined); return; }
      else tell(`没有接收：${told.reasons ? told.reasons.map((each) => each.words).join("；") : told.detail}`, true);
      if (answer.status < 500) anew();
    } catch (error) {
      tell("没有收到回执，不能确定是否写入；请再提交一次，不会重复。", true);
    } finally {
      busy = false; send.textContent = "核对并提交"; reckon();
    }
  };

  let asked = null;
  form.addEventListener("submit", (event) => {
    const offer = reckon();
    if (offer.price === null || objection(offer)) { event.preventDefault(); tell(objection(offer), true); return; }
    event.preventDefault();
    if (busy || send.disabled) return;
    said.hidden = true;
    asked = offer;
    ask(offer);
  });
  dialog.addEventListener("close", () => { if (dialog.returnValue === "place" && asked) place(asked); asked = null; });
  form.addEventListener("input", reckon);
  page.addEventListener("room:update", () => { field("round").value = range().round; reckon(); });
  if (field("nonce")) field("nonce").value = random(32);
  reckon();
})();
