/**
 * Passkeys: asks the browser for one and sends what it answers with the form. Without this file, or in a browser that
 * has no passkeys, the block stays hidden and every page offers another way.
 */
type Use = "create" | "get";

/** The part of the browser that is asked; a test hands in its own edge. */
export interface Keys {
  create(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown>;
  get(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown>;
}

/** The browser's passkeys as JSON; null where it has none, or cannot say them as JSON. */
export function browserKeys(): Keys | null {
  if (
    typeof PublicKeyCredential === "undefined" ||
    typeof PublicKeyCredential.parseCreationOptionsFromJSON !== "function" ||
    typeof PublicKeyCredential.parseRequestOptionsFromJSON !== "function"
  ) {
    return null;
  }
  const said = (credential: Credential | null): unknown =>
    (credential as PublicKeyCredential | null)?.toJSON();
  return {
    create: async (options) =>
      said(
        await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        }),
      ),
    get: async (options) =>
      said(
        await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        }),
      ),
  };
}

/** Show what needs passkeys and have its form ask for one; hide what is said to those who have none. */
export function startPasskeys(root: ParentNode, keys: Keys | null = browserKeys()): void {
  if (!keys) return;
  for (const note of root.querySelectorAll<HTMLElement>("[data-passkey-absent]")) {
    note.hidden = true;
  }
  for (const block of root.querySelectorAll<HTMLElement>("[data-passkey], [data-passkey-from]")) {
    const form = block.querySelector("form");
    if (form) {
      block.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void ask(block, form, keys);
      });
    }
  }
}

async function ask(block: HTMLElement, form: HTMLFormElement, keys: Keys): Promise<void> {
  const problem = form.querySelector<HTMLElement>("[role=alert]");
  const field = form.querySelector<HTMLInputElement>("input[name=credential]");
  try {
    const options = await optionsOf(block);
    const use = block.dataset["passkeyUse"] as Use;
    const answer =
      use === "create"
        ? await keys.create(thatSignsInAlone(options as PublicKeyCredentialCreationOptionsJSON))
        : await keys.get(options as PublicKeyCredentialRequestOptionsJSON);
    if (!field || !answer) throw new Error("no answer");
    field.value = JSON.stringify(answer);
    form.submit();
  } catch {
    // Cancelled, timed out, or no passkey of ours there: the browser tells which to nobody.
    if (problem) {
      problem.textContent = "No passkey was used. Try again, or choose another way.";
      problem.hidden = false;
    }
  }
}

/** A passkey that the device finds by itself and guards by its lock: it signs in without a password. */
function thatSignsInAlone(
  options: PublicKeyCredentialCreationOptionsJSON,
): PublicKeyCredentialCreationOptionsJSON {
  const selection = {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  } as const;
  return { ...options, authenticatorSelection: { ...options.authenticatorSelection, ...selection } };
}

async function optionsOf(block: HTMLElement): Promise<unknown> {
  const address = block.dataset["passkeyFrom"];
  const written: unknown = address
    ? await fetchOptions(address)
    : JSON.parse(block.dataset["passkey"] ?? "null");
  return (written as { publicKey: unknown }).publicKey;
}

async function fetchOptions(address: string): Promise<unknown> {
  const response = await fetch(address, {
    headers: { "X-Requested-With": "XMLHttpRequest" },
    cache: "no-store",
  });
  const body: unknown = await response.json();
  return (body as { request_options: unknown }).request_options;
}
