import type { HTMLAttributes, ReactElement, Ref } from "react";
import type { SurveyEvents, SurveyProps } from "./index.js";

type Handlers = {
  [Name in keyof SurveyEvents as `on${Capitalize<Name>}`]?: (detail: SurveyEvents[Name]) => void;
};

/** What is the element's own. */
type Plain = Pick<
  HTMLAttributes<HTMLDivElement>,
  "className" | "style" | "id" | "role" | "hidden" | "title" | "slot"
> & {
  [name: `data-${string}` | `aria-${string}`]: string | number | boolean | undefined;
};

export interface SondeoProps extends SurveyProps, Handlers, Plain {
  ref?: Ref<HTMLDivElement>;
}

/** A survey where it stands in the page, or above it with `display`. */
export declare const Sondeo: (properties: SondeoProps) => ReactElement;
