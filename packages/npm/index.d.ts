import type { Events, Explanation, Settings, Sondeo as Api, Survey, TemplateName } from "./sondeo.js";

export type * from "./payload.js";
export type * from "./sondeo.js";

/** Templates by name, or surveys that the page adds. */
export type SurveyName = TemplateName | (string & {});

type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name;

/** Keys of survey files that no attribute stands for. */
type OnlyInFiles = "$schema" | "logo" | "endings";
/** What files say in several languages, and attributes in one. */
type InOneLanguage = "question" | "low" | "high" | "thanks";

/** Every `data-` attribute as a property: `maxShows` is `data-max-shows`, and `custom: {plan}` is `data-custom-plan`. */
export type Attributes = {
  [Key in Exclude<keyof Settings, OnlyInFiles> as Camel<Key>]?:
    (Key extends InOneLanguage ? string : Settings[Key]) | false | null | undefined;
} & {
  /** A survey file: an address, or the `#id` of a `<script type="application/json">`. */
  config?: string;
};

/** What {@link load} takes: what the script tag would say. */
export interface LoadOptions extends Attributes {
  /** The surveys of the page. Those of components need not be here. */
  survey?: SurveyName | SurveyName[];
  /** The address of a site in a collector, which says what is asked. */
  site?: string;
  /** The address of `sondeo.js`, where its folder is served. Without it, the files that the bundler has put out. */
  src?: string;
  /** For pages whose policy asks for one. */
  nonce?: string;
}

/**
 * Loads the widget, once for each page; later calls change nothing. Resolves to what the page may call, and to
 * `undefined` where there is no page (on a server), or where the script is blocked. It never rejects.
 */
export function load(options?: LoadOptions): Promise<Api | undefined>;

// All of these may be called at once: what the widget is not there for yet, waits for it.
/** Shows a survey of this page, whatever its trigger. */
export function show(id: string): void;
/** Takes a survey away, or every one. */
export function hide(id?: string): void;
/** Tells that something happened; surveys with `event:NAME` as their trigger become due. */
export function track(event: string, properties?: Record<string, unknown>): void;
/** Says who the visitor is. */
export function identify(
  user?: string | number | null,
  custom?: Record<string, string | number | boolean>,
): void;
/** Gives consent, or withdraws it. */
export function consent(granted: boolean): void;
/** Forgets everything that is stored. */
export function reset(): void;
/** Adds surveys to the page, as a survey file would. */
export function add(surveys: Survey | readonly Survey[]): void;
/** Why a survey of this page is shown, or is not. */
export function explain(id: string): Promise<Explanation>;
/** Calls back at every event of this name. Returns a function that ends it. */
export function on<Name extends keyof Events>(
  event: Name,
  callback: (detail: Events[Name]) => void,
): () => void;

/** What the components of frameworks take. */
export interface SurveyProps extends Attributes {
  /** The name of a template, or of a survey of the page. */
  survey: SurveyName | SurveyName[];
}

/** The events that components tell. */
export type SurveyEvents = Omit<Events, "ready">;
