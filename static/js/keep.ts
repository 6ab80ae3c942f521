/**
 * Warns a person who is about to leave a form with unsaved changes.
 *
 * What was typed is deliberately not kept in the browser: these machines are shared, and a half-written note about a
 * visitor must not be found by whoever sits down next.
 */
export function warnBeforeLeaving(form: HTMLFormElement): void {
  const initial = snapshot(form);
  let isSending = false;

  form.addEventListener("submit", () => {
    isSending = true;
  });
  // Coming back by the browser's Back button revives the page as it was left, after it had been sent.
  window.addEventListener("pageshow", () => {
    isSending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    // Taken off the page when the session ended: the server has it.
    if (!isSending && form.isConnected && snapshot(form) !== initial) {
      event.preventDefault();
    }
  });
}

/** What the form would send now, as one string to compare; a chosen file counts by its name and size. */
export function snapshot(form: HTMLFormElement): string {
  const entries = [...new FormData(form)].map(([name, value]) => [
    name,
    typeof value === "string" ? value : `${value.name} ${value.size}`,
  ]);
  return JSON.stringify(entries);
}
