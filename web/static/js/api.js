/**
 * Requests to our own origin: JSON in, JSON out, one kind of error.
 */

/** What the server, or the network, refused; `message` is for people. */
export class ApiError extends Error {
  /**
   * @param {string} code stable word of the error, `OFFLINE` when nobody answered
   * @param {string} message
   * @param {number} status
   * @param {Record<string, any>} [details]
   */
  constructor(code, message, status, details = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }

  /** The input at fault, where there is one. @returns {string | undefined} */
  get field() {
    return this.details.field;
  }
}

let csrfToken = "";

/** @param {string | null | undefined} token sent with everything that changes something */
export function useCsrfToken(token) {
  csrfToken = token || "";
}

/** @typedef {{method?: string, body?: unknown, form?: FormData, signal?: AbortSignal}} Options */

/**
 * Ask the API. What is refused for its token alone is asked again with the session's token of now: the page has
 * only begun, or another tab signed in meanwhile.
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>} the parsed answer, `null` for an empty one; rejects with ApiError
 */
export async function api(path, options = {}) {
  try {
    return await askOnce(path, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "CSRF_FAILED") throw error;
    useCsrfToken((await askOnce("/api/auth/me")).csrf_token);
    return askOnce(path, options);
  }
}

/** @param {string} path @param {Options} [options] @returns {Promise<any>} */
async function askOnce(path, { method = "GET", body, form, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  const response = await ask(path, { method, headers, body: form ?? (body === undefined ? undefined : JSON.stringify(body)), signal });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const { code = "INTERNAL", message, ...details } = answer?.error ?? {};
  throw new ApiError(code, message || "The server could not answer. Nothing was changed; try again.", response.status, details);
}

/** Post JSON. @param {string} path @param {unknown} body @param {AbortSignal} [signal] */
export function post(path, body, signal) {
  return api(path, { method: "POST", body, signal });
}

/**
 * A part of a page as our server renders it, and where the part after it is.
 * @param {string} path @returns {Promise<{html: string, next: string}>}
 */
export async function part(path) {
  const response = await ask(path, {});
  if (!response.ok) throw new ApiError("PAGE", "This part of the page could not be loaded. Try again.", response.status);
  return { html: await response.text(), next: response.headers.get("X-Next") || "" };
}

/** @param {string} path @param {RequestInit} options */
async function ask(path, options) {
  try {
    return await fetch(path, { ...options, credentials: "same-origin" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("OFFLINE", "The server cannot be reached. Check your connection; what you typed is kept.", 0);
  }
}
