/** A screen in a page, used as a person uses it: by what is written on it. */
import { type ComponentChild, render } from "preact";
import { act } from "preact/test-utils";
import { expect } from "vitest";

export class Screen {
  readonly root: HTMLElement;
  taps = 0;

  constructor() {
    window.scrollTo = () => undefined;
    this.root = document.body.appendChild(document.createElement("main"));
  }

  show(screen: ComponentChild): void {
    void act(() => {
      render(screen, this.root);
    });
  }

  tap(words: string): void {
    const button = [...this.root.querySelectorAll("button")].find((each) =>
      each.textContent.startsWith(words),
    );
    expect(button, `“${words}” on “${this.heading}”`).toBeDefined();
    void act(() => button?.click());
    this.taps += 1;
  }

  type(text: string, label?: string): void {
    const field = this.field(label);
    void act(() => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  field(label?: string): HTMLInputElement {
    const field = label
      ? [...this.root.querySelectorAll("label")].find((each) => each.textContent.startsWith(label))?.control
      : this.root.querySelector("input");
    expect(field).toBeInstanceOf(HTMLInputElement);
    return field as HTMLInputElement;
  }

  has(words: string): boolean {
    return [...this.root.querySelectorAll("button")].some((each) => each.textContent.startsWith(words));
  }

  /** Wait, as a person does, until something is so; the assertion that follows says what it was that never came. */
  async until(isSo: () => boolean): Promise<void> {
    for (let index = 0; index < 400 && !isSo(); index += 1) {
      await act(async () => new Promise((done) => setTimeout(done, 5)));
    }
  }

  /** Let what was begun by a tap come to its end. */
  async settle(): Promise<void> {
    await act(async () => new Promise((done) => setTimeout(done)));
  }

  get heading(): string {
    return this.root.querySelector("h1")?.textContent ?? "";
  }

  get alert(): string {
    return this.root.querySelector("[role=alert]")?.textContent ?? "";
  }

  /** With what its effects leave behind, before the page itself is gone. */
  remove(): void {
    void act(() => {
      render(null, this.root);
    });
    this.root.remove();
  }
}
