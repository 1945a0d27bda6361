"use client";

import { createElement, useEffect, useRef } from "react";
import { host, listen } from "./host.js";

/** A survey where it stands in the page, or above it with `display`. */
export const Sondeo = (properties) => {
  // The handlers of the last rendering count, and nothing is listened to anew for them.
  const last = useRef(properties);
  useEffect(() => {
    last.current = properties;
  });
  useEffect(
    () =>
      listen(
        () => last.current.survey,
        (name, detail) => last.current["on" + name[0].toUpperCase() + name.slice(1)]?.(detail),
      ),
    [],
  );
  return createElement("div", host(properties));
};
