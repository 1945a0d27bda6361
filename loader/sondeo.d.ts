/**
 * Types for pages that are written in TypeScript. Copy this file beside your sources, or name it in `include` of
 * tsconfig.json: then `window.sondeo`, its events on `document` and the element are known everywhere.
 */

/** `window.sondeo`. Before the script has come only `q` is there, and what stands in it is done once the script comes. */
export interface Sondeo {
  /** The widget's version. */
  readonly version: string;
  /** Calls made before the script has come, and just as well after it. */
  readonly q: Queue;
  /** Shows a survey of this page, whatever its trigger. */
  show(id: string): void;
  /** Takes a survey away, or every one. */
  hide(id?: string): void;
  /** Tells that something happened; surveys with `event:NAME` as their trigger become due. */
  track(event: string, properties?: Record<string, unknown>): void;
  /** Says who the visitor is: `user` and `custom` of every response from now on. What is neither text, number nor
   * boolean is not passed on; numbers and booleans arrive as texts. */
  identify(user?: string | number | null, custom?: Record<string, string | number | boolean>): void;
  /** Gives consent, for surveys with `data-consent="required"`, or withdraws it for all: everything is forgotten,
   * and other tabs of the site show and send nothing more until they are told `true`, or loaded anew. */
  consent(granted: boolean): void;
  /** Forgets everything that is stored. Other tabs of the site do as if consent were withdrawn. */
  reset(): void;
  /** Adds surveys to the page, as a survey file would. The same id again replaces what is not shown yet. */
  add(surveys: Survey | readonly Survey[]): void;
  /** Why a survey of this page is shown, or is not: every reason against, by name. */
  explain(id: string): Promise<Explanation>;
  /** Calls back at every event of this name. Returns a function that ends it. */
  on<Name extends keyof Events>(event: Name, callback: (detail: Events[Name]) => void): () => void;
}

/** `sondeo.q`: calls as arrays of a name and what belongs to it. */
export interface Queue {
  push<Name extends keyof Events>(
    call: ["on", event: Name, callback: (detail: Events[Name]) => void],
  ): unknown;
  push(call: ["explain", id: string, callback: (explanation: Explanation) => void]): unknown;
  push(...calls: Call[]): unknown;
}

/** One call of {@link Queue}, for instance `["track", "order-completed"]`. */
export type Call =
  | ["show", id: string]
  | ["hide", id?: string]
  | ["track", event: string, properties?: Record<string, unknown>]
  | ["identify", user?: string | number | null, custom?: Record<string, string | number | boolean>]
  | ["consent", granted: boolean]
  | ["reset"]
  | ["add", surveys: Survey | readonly Survey[]]
  | ["explain", id: string, callback: (explanation: Explanation) => void]
  | ["site", url: string]
  | { [Name in keyof Events]: ["on", Name, (detail: Events[Name]) => void] }[keyof Events];

/** One reason why a survey is not shown; docs/surveys.md says what each means. */
export type IneligibleReason =
  | "consent"
  | "crawler"
  | "trigger"
  | "url"
  | "device"
  | `when ${string}`
  | "from"
  | "until"
  | "sample"
  | "recontact"
  | "snooze"
  | "max-shows"
  | "quiet"
  | "other-tab"
  | "over"
  | "delay"
  | "occupied"
  | "priority"
  | "unknown";

/** Why a survey is shown, or is not. */
export interface Explanation {
  /** Whether nothing is against showing it. */
  due: boolean;
  /** What is, in the order of checking. */
  reasons: IneligibleReason[];
  /** The moment from which none of it holds any more (RFC 3339), where time alone brings it. */
  until?: string;
  /** The site of a collector that the survey is of. Of an unknown survey, the site whose plan does not hold it. */
  site?: string;
  /** The version of it that is asked here, or would be. */
  version?: number;
  /** When the site's plan was read (RFC 3339). */
  read?: string;
}

/** What every event tells. */
export interface Detail {
  /** The id of the survey. */
  survey: string;
  /** The id of the response. */
  id: string;
}

/** The events, by the name that `sondeo.on` takes; on `document` they are called `sondeo:NAME`. */
export interface Events {
  ready: Record<string, never>;
  skipped: { survey: string; reasons: IneligibleReason[]; until?: string };
  shown: Detail;
  answered: Detail & { question: string; value: AnswerValue };
  completed: Detail;
  dismissed: Detail;
  delivered: Detail;
  failed: Partial<Detail> & { reason: FailureReason; status?: number };
}

/** What an answer may be: of `yes-no` true or false, of a scale a number, of `choices` several options. */
export type AnswerValue = boolean | number | string | string[];

/** Why a response was not delivered; `engine`: why there is no survey. Meanings are in docs/endpoints.md. */
export type FailureReason =
  | "policy"
  | "mixed-content"
  | "redirect"
  | "preflight"
  | "cors"
  | "unconfirmed"
  | "unreachable"
  | "offline"
  | "unavailable"
  | "refused"
  | "expired"
  | "engine";

/** A survey, as in a survey file; docs/surveys.md has every key. It is one of a template, or one of your own. */
export type Survey = Settings & (OfTemplate | OfYourOwn);

/** What a survey of a template has to say. */
export interface OfTemplate {
  template: TemplateName;
  /** The template's name, unless you say another. */
  id?: string;
  /** The template's, unless you ask your own. */
  questions?: Question[];
}

/** What a survey without a template has to say. */
export interface OfYourOwn {
  template?: never;
  id: string;
  questions: Question[];
}

/** The ready surveys. */
export type TemplateName =
  | "first-visit"
  | "signup"
  | "welcome"
  | "faq"
  | "post-purchase"
  | "follow-up"
  | "cancellation"
  | "cart-abandonment"
  | "trial-end"
  | "support"
  | "csat"
  | "ces"
  | "nps"
  | "ttr";

/** A text, or one for each language: `{"en": "Thank you!", "es": "¡Gracias!"}`. */
export type Wording = string | { [language: string]: string };

/** `"500ms"`, `"5s"`, `"10m"`, `"12h"`, `"90d"`, or nought. */
export type Duration = `${number}${"ms" | "s" | "m" | "h" | "d"}` | "0" | 0;

/** Words between spaces, or in an array. */
export type Words<Word extends string> = Word | (string & {}) | Word[];

/** Names and what they stand for. */
export type Pairs = Record<string, string | number | boolean>;

/** What happens on the page that makes a survey due; docs/triggers.md says when each does. */
export type Trigger =
  | "load"
  | "manual"
  | "first-visit"
  | "exit"
  | "chat-end"
  | `visit:${number}`
  | `scroll:${number}%`
  | `${"idle" | "dwell"}:${Duration}`
  | `${"event" | "click" | "submit" | "visible"}:${string}`;

/** How, when and of whom a survey is asked: each is an attribute, too, as `max_shows` is `data-max-shows`. */
export interface Settings {
  $schema?: string;
  /** For people in the studio; visitors never see them. */
  name?: string;
  note?: string;
  /** The collector writes it. */
  published?: { site: string; version: number };
  endpoint?: string;
  trigger?: Words<Trigger>;
  delay?: Duration;
  url?: string | string[];
  device?: Words<"mobile" | "tablet" | "desktop">;
  sample?: `${number}%`;
  recontact?: Duration | "always" | "never";
  snooze?: Duration | "always" | "never";
  quiet?: Duration;
  per?: "visitor" | "page";
  max_shows?: number;
  from?: string;
  until?: string;
  when?: string | string[];
  priority?: number;
  question?: Wording;
  low?: Wording;
  high?: Wording;
  thanks?: Wording;
  display?: "popover" | "dialog" | "bar" | "tab" | "inline" | "page";
  position?: "bottom-right" | "bottom-left" | "top-right" | "top-left" | "bottom" | "top" | "center";
  theme?: "auto" | "light" | "dark";
  accent?: string;
  radius?: string;
  font?: string;
  lang?: string;
  format?:
    | "json"
    | "text"
    | "form"
    | "google-forms"
    | "apps-script"
    | "hubspot"
    | "zendesk"
    | "salesforce"
    | "zapier"
    | "make"
    | "n8n"
    | "formspree"
    | "basin"
    | "web3forms"
    | "netlify"
    | "supabase"
    | "baserow"
    | "posthog"
    | "segment"
    | "slack"
    | "discord"
    | "teams";
  headers?: Pairs;
  fields?: Pairs;
  report?: "answers" | "all";
  push?: Words<"datalayer" | "gtag" | "posthog" | "segment" | "adobe">;
  user?: string | number;
  custom?: Pairs;
  visitor?: "off" | "on";
  mask?: Words<"card" | "email" | "phone" | "none">;
  confirm?: "status" | "id";
  debug?: boolean;
  preview?: boolean;
  storage?: "local" | "session" | "none";
  consent?: "granted" | "required";
  privacy_signal?: "respect" | "ignore";
  logo?: SurveyImage;
  endings?: Ending[];
}

/** A question, by its kind. */
export type Question =
  LikertQuestion | YesNoQuestion | NpsQuestion | ChoiceQuestion | ChoicesQuestion | TextQuestion;

/** What every question has. */
export interface AnyQuestion {
  id: string;
  text: Wording;
  description?: Wording;
  image?: SurveyImage;
  required?: boolean;
  /** The first rule that holds wins; without one the following question comes. */
  next?: Rule[];
}

export interface LikertQuestion extends AnyQuestion {
  kind: "likert";
  metric?: "csat" | "ces";
  points?: 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;
  look?: "numbers" | "labels" | "faces" | "stars" | "thumbs";
  labels?: Wording[];
  low?: Wording;
  high?: Wording;
}

export interface YesNoQuestion extends AnyQuestion {
  kind: "yes-no";
  metric?: "helpful";
  look?: "labels" | "thumbs";
}

export interface NpsQuestion extends AnyQuestion {
  kind: "nps";
  metric?: "nps";
  low?: Wording;
  high?: Wording;
}

export interface ChoiceQuestion extends AnyQuestion {
  kind: "choice";
  metric?: "ttr";
  options: ChoiceOption[];
  /** `true`, or a text of your own; `"text"` adds a field for what the visitor means. */
  other?: boolean | "text" | Wording;
  shuffle?: boolean;
}

export interface ChoicesQuestion extends AnyQuestion {
  kind: "choices";
  options: ChoiceOption[];
  /** `true`, or a text of your own; `"text"` adds a field for what the visitor means. */
  other?: boolean | "text" | Wording;
  shuffle?: boolean;
  min?: number;
  max?: number;
}

export interface TextQuestion extends AnyQuestion {
  kind: "text";
  lines?: number;
  max_length?: number;
  placeholder?: Wording;
  format?: "plain" | "email";
}

export interface ChoiceOption {
  id: string;
  text: Wording;
  /** What it stands for where the metric is `ttr`. */
  minutes?: number;
  image?: SurveyImage;
}

/** A picture: `https:`, or beside the survey file or the page. */
export interface SurveyImage {
  src: string;
  /** What is read to a visitor who does not see it; of an option it may be empty, where the text says it all. */
  alt: Wording;
}

export interface Rule {
  /** A comparison with the answer: `<=2`, `=yes`, `in:a,b`, `skipped`. Without one the rule holds. */
  if?: string;
  /** The id of a question or an ending, or `end`. */
  go: string;
}

/** What the visitor reads or where the visitor goes at the end. */
export interface Ending {
  id: string;
  text: Wording;
  button?: { text: Wording; url: string };
  redirect?: string;
  after?: Duration;
}

declare global {
  /** What the script puts on the window. Until it has come only `q` is there, if the page has made it. */
  const sondeo: Sondeo;

  interface Window {
    get sondeo(): Sondeo;
    /** A page may put a queue in its place: `window.sondeo = window.sondeo || { q: [] }`. */
    set sondeo(it: { q: Queue | Call[] });
  }

  interface DocumentEventMap {
    "sondeo:ready": CustomEvent<Events["ready"]>;
    "sondeo:skipped": CustomEvent<Events["skipped"]>;
    "sondeo:shown": CustomEvent<Events["shown"]>;
    "sondeo:answered": CustomEvent<Events["answered"]>;
    "sondeo:completed": CustomEvent<Events["completed"]>;
    "sondeo:dismissed": CustomEvent<Events["dismissed"]>;
    "sondeo:delivered": CustomEvent<Events["delivered"]>;
    "sondeo:failed": CustomEvent<Events["failed"]>;
  }

  interface HTMLElementTagNameMap {
    /** Where a survey stands, in an open shadow root. */
    "sondeo-widget": HTMLElement;
  }
}
