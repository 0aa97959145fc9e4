import { call } from "./http.ts";
import type { Me } from "./types.ts";

/** Second factors of who has signed in: an authenticator by codes, or a passkey. */

export interface Totp {
  secret: string;
  uri: string;
}

export const startTotp = (): Promise<Totp> => call<Totp>("POST", "/me/totp");

/** The recovery codes, which are shown once. */
export const confirmTotp = async (code: string): Promise<string[]> =>
  (await call<{ recovery_codes: string[] }>("POST", "/me/totp/confirm", { code })).recovery_codes;

interface Options<T> {
  token: string;
  publicKey: T;
}

export const hasPasskeys = "PublicKeyCredential" in globalThis
  && "parseCreationOptionsFromJSON" in PublicKeyCredential;

export async function addPasskey(name: string): Promise<void> {
  const begun = await call<Options<PublicKeyCredentialCreationOptionsJSON>>("POST", "/me/passkeys/options");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.publicKey);
  const made = await navigator.credentials.create({ publicKey });
  await call("POST", "/me/passkeys", { token: begun.token, name, credential: jsonOf(made) });
}

export async function passkeyIn(): Promise<Me> {
  const begun = await call<Options<PublicKeyCredentialRequestOptionsJSON>>("POST", "/session/passkey/options");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.publicKey);
  const held = await navigator.credentials.get({ publicKey });
  return call<Me>("POST", "/session/passkey", { token: begun.token, credential: jsonOf(held) });
}

function jsonOf(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("no passkey");
  return credential.toJSON();
}
