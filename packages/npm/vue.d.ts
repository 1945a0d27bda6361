import type { DefineComponent } from "vue";
import type { SurveyEvents, SurveyProps } from "./index.js";

type Handlers = {
  [Name in keyof SurveyEvents as `on${Capitalize<Name>}`]?: (detail: SurveyEvents[Name]) => void;
};

/** A survey where it stands in the page, or above it with `display`. */
export declare const Sondeo: DefineComponent<SurveyProps & Handlers>;
