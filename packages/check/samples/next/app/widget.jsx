"use client";

import { useEffect } from "react";
import { load, on } from "sondeo";

export const Widget = () => {
  useEffect(() => {
    load({ endpoint: "/responses" });
    return on("answered", ({ value }) => (document.title = `answered ${value}`));
  }, []);
  return null;
};
