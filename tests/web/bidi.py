"""Finds numbers that Arabic text would draw in another order.

A run of digits is bare when it stands in right-to-left text, not isolated by bdi or dir="ltr", and
either shares its paragraph with Arabic letters or holds a sign, slash or space that moves. A lone
count in a cell of its own ("14", "1,482.500") is drawn right and passes.
"""

from typing import Any

SCAN = r"""
() => {
  const DIGITS = /[0-9٠-٩۰-۹]/;
  const ARABIC = /[\u0621-\u064a\u0671-\u06d3]/;
  const SIGNED = /[+\-−–/:][0-9٠-٩۰-۹]|[0-9٠-٩۰-۹][+\-−–/:]/;
  const MIXED = /[0-9] [0-9]|[A-Za-z][\-0-9]|[0-9][A-Za-z%]/;
  const ISOLATES = /[\u2066-\u2068][^\u2069]*\u2069/g;
  const SKIPPED = "script,style,noscript,template,textarea,input,svg,bdi,[dir=ltr],code,kbd";
  const shown = (node) => {
    const box = document.createRange();
    box.selectNodeContents(node);
    return box.getClientRects().length > 0;
  };
  const paragraph = (node) => {
    let at = node.parentElement;
    while (at.parentElement && getComputedStyle(at).display.startsWith("inline")
           && getComputedStyle(at).display !== "inline-block") at = at.parentElement;
    return at;
  };
  const own = (element) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walk.nextNode()) {
      if (!walk.currentNode.parentElement.closest(SKIPPED)) text += walk.currentNode.data;
    }
    return text.replace(ISOLATES, "");
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const text = node.data.replace(ISOLATES, "");
    const parent = node.parentElement;
    if (!DIGITS.test(text) || parent.closest(SKIPPED)) continue;
    if (getComputedStyle(parent).direction !== "rtl" || !shown(node)) continue;
    if (SIGNED.test(text) || MIXED.test(text) || ARABIC.test(own(paragraph(node)))) {
      found.push(text.trim().replace(/\s+/g, " ").slice(0, 120));
    }
  }
  const title = document.title.replace(ISOLATES, "");
  if (document.dir === "rtl" && DIGITS.test(title) && ARABIC.test(title)) {
    found.push(`title: ${title}`);
  }
  return found;
}
"""


def bare_numbers(page: Any) -> list[str]:
    """The texts of a Playwright page that hold a bare number; empty when all are isolated."""
    found: list[str] = page.evaluate(SCAN)
    return found


WIDER = """
() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const edge = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > edge + 1 || box.left < -1);
  }).slice(-5).map((one) => `${one.tagName.toLowerCase()}.${one.className} ${wide}px`);
}
"""


def overflowing(page: Any) -> list[str]:
    """What makes a page scroll sideways; empty when nothing does."""
    found: list[str] = page.evaluate(WIDER)
    return found
