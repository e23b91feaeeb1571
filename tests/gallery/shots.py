"""The pictures of the guides: first screens of the seeded site, small, into static/guides."""

from __future__ import annotations

import base64

from playwright.sync_api import Browser, Page

from marketplace.web.assets import FOLDER
from marketplace.web.guides.shots import HEIGHT, SHOTS, WIDTH
from tests.gallery.ground import Ground

GUIDES = FOLDER / "guides"
MOST_BYTES = 40 * 1024
QUALITIES = (0.7, 0.55, 0.4, 0.3, 0.2)
SCALE = 0.5
AS_WEBP = """async ([source, quality, width, height]) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, width, height);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


def take_shots(browser: Browser, ground: Ground, paper: Page) -> None:
    """Take all of them anew; pictures of no guide go."""
    GUIDES.mkdir(exist_ok=True)
    for name, (address, role, _) in SHOTS.items():
        (GUIDES / f"{name}.webp").write_bytes(_shot(browser, ground, paper, address, role))
    for path in GUIDES.glob("*.webp"):
        if path.stem not in SHOTS:
            path.unlink()


def _shot(browser: Browser, ground: Ground, paper: Page, address: str, role: str) -> bytes:
    context = ground.context(browser, role, round(WIDTH / SCALE))
    try:
        page = context.new_page()
        page.set_viewport_size({"width": round(WIDTH / SCALE), "height": round(HEIGHT / SCALE)})
        page.goto(ground.address(address))
        page.wait_for_load_state("networkidle")
        taken = page.screenshot(animations="disabled")
    finally:
        context.close()
    source = "data:image/png;base64," + base64.b64encode(taken).decode()
    for quality in QUALITIES:
        made = base64.b64decode(paper.evaluate(AS_WEBP, [source, quality, WIDTH, HEIGHT]))
        if len(made) <= MOST_BYTES:
            return made
    message = f"{address}: larger than {MOST_BYTES} bytes whatever the quality"
    raise RuntimeError(message)
