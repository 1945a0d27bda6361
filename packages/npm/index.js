// Brings the widget to a page, from an application. Nothing here touches a page before it is called, so that servers may
// import it, and what is called on a server does nothing.

import { attributes } from "./attributes.js";

const isPage = typeof document != "undefined";
/** @type {Promise<any> | undefined} */
let loading;

const begin = async ({ src, nonce, ...settings }) => {
  const tag = document.createElement("script");
  try {
    if (!src) {
      const { files, loader } = await import("./files.js");
      // Bundlers give files other names, and the widget asks for its files by their own.
      files.import = (/** @type {string} */ url) => import(/* @vite-ignore */ /* webpackIgnore: true */ url);
      window[Symbol.for("sondeo.files")] = files;
      src = loader;
    }
    for (const [name, value] of Object.entries(attributes(settings))) tag.setAttribute(name, value);
    if (nonce) tag.nonce = nonce;
    tag.async = true;
    tag.src = src;
    await new Promise((done, fail) => {
      tag.onload = done;
      tag.onerror = () => fail(src + " does not load");
      document.head.append(tag);
    });
    return window.sondeo;
  } catch (error) {
    // A page must not fail for want of a survey, nor for a content blocker.
    console.warn("sondeo: " + error);
    tag.remove();
    loading = undefined;
  }
};

/** Loads the widget, once for each page. */
export const load = (options = {}) => (isPage ? (loading ||= begin(options)) : Promise.resolve(undefined));

const call = (...entry) => {
  if (!isPage) return;
  // An element with the id "sondeo" is a property of the window, too.
  if (!window.sondeo?.q?.push) window.sondeo = { q: [] };
  window.sondeo.q.push(entry);
};

export const show = (id) => call("show", id);
export const hide = (id) => call("hide", id);
export const track = (event, properties) => call("track", event, properties);
export const identify = (user, custom) => call("identify", user, custom);
export const consent = (granted) => call("consent", granted);
export const reset = () => call("reset");
export const add = (surveys) => call("add", surveys);
export const explain = (id) => new Promise((done) => call("explain", id, done));
export const on = (event, callback) => {
  if (!isPage) return () => {};
  const hear = (it) => callback(it.detail);
  document.addEventListener("sondeo:" + event, hear);
  return () => document.removeEventListener("sondeo:" + event, hear);
};
