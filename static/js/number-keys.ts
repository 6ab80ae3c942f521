/**
 * Number keys choose among radios that are a scale: 7 is one key instead of seven arrows. 1 and 0 in quick succession
 * are 10. Arrow keys and clicks go on working as they do everywhere.
 */
const TOGETHER = 700;

export function chooseByNumberKeys(group: HTMLElement, now: () => number = () => Date.now()): void {
  let last = "";
  let at = 0;
  group.addEventListener("keydown", (event) => {
    if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const moment = now();
    const both = moment - at < TOGETHER ? last + event.key : event.key;
    const radio = find(group, both) ?? find(group, event.key);
    if (!radio) {
      return;
    }
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    last = event.key;
    at = moment;
  });
}

function find(group: HTMLElement, value: string): HTMLInputElement | undefined {
  return [...group.querySelectorAll<HTMLInputElement>("input[type=radio]")].find(
    (radio) => radio.value === value,
  );
}
