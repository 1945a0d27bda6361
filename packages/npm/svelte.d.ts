import type { Component } from "svelte";
import type { SurveyEvents, SurveyProps } from "./index.js";

type Handlers = { [Name in keyof SurveyEvents as `on${Name}`]?: (detail: SurveyEvents[Name]) => void };

/** What is the element's own. */
interface Plain {
  class?: string;
  style?: string;
  id?: string;
  [name: `data-${string}` | `aria-${string}`]: string | number | boolean | undefined;
}

/** A survey where it stands in the page, or above it with `display`. */
export declare const Sondeo: Component<SurveyProps & Handlers & Plain>;
