import type { Page } from "playwright-core";

/** What is wrong with the page as it is shown: unnamed controls, double ids, headings, faint text. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const shown = (element: Element): boolean => element.checkVisibility();
    const nameOf = (element: Element): string =>
      (element.getAttribute("aria-label") ?? element.textContent ?? "").trim();

    for (const control of document.querySelectorAll<HTMLInputElement>("input, select, textarea")) {
      const isNamed = (control.labels?.length ?? 0) > 0 || nameOf(control) !== "";
      if (shown(control) && !(control.labels?.length ? isNamed : control.hasAttribute("aria-label"))) {
        faults.push(`no label: ${control.outerHTML}`);
      }
    }
    for (const control of document.querySelectorAll("button, a, summary")) {
      if (shown(control) && nameOf(control) === "") faults.push(`no name: ${control.outerHTML}`);
    }
    for (const image of document.querySelectorAll("svg, img")) {
      const isDecoration = image.getAttribute("aria-hidden") === "true";
      if (!isDecoration && nameOf(image) === "") faults.push(`no text instead of ${image.outerHTML.slice(0, 80)}`);
    }
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) faults.push(`twice: #${id}`);
    const titles = [...document.querySelectorAll("h1")].filter(shown).length;
    if (titles !== 1) faults.push(`${titles} main headings`);
    if (document.documentElement.lang === "") faults.push("no language");
    if (document.documentElement.scrollWidth > window.innerWidth) faults.push("scrolls sideways");

    type Color = readonly [red: number, green: number, blue: number, alpha: number];
    const colorOf = (text: string): Color => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [red, green, blue, alpha];
    };
    const light = ([red, green, blue]: Color): number => {
      const [r = 0, g = 0, b = 0] = [red, green, blue]
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element: Element | null): Color => {
      if (element === null) return colorOf(getComputedStyle(document.body).backgroundColor);
      const color = colorOf(getComputedStyle(element).backgroundColor);
      return color[3] === 1 ? color : ground(element.parentElement);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      const text = texts.currentNode.textContent?.trim() ?? "";
      if (element === null || text === "" || !shown(element) || element.closest(".hidden, svg, :disabled")) continue;
      const [one, other] = [light(colorOf(getComputedStyle(element).color)), light(ground(element))];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${text.slice(0, 40)}`);
    }
    return faults;
  });
}
