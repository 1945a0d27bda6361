/** `window.sondeo`, for pages that are written in TypeScript. */
export interface Sondeo {
  /** The widget's version. */
  readonly version: string;
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
  /** Why a survey of this page is shown, or is not: every reason against, by name. */
  explain(id: string): Promise<Explanation>;
  /** Calls back at every event of this name. Returns a function that ends it. */
  on<Name extends keyof Events>(event: Name, callback: (detail: Events[Name]) => void): () => void;
}

/** One reason why a survey is not shown; docs/surveys.md says what each means. */
export type IneligibleReason =
  | "consent"
  | "trigger"
  | "url"
  | "device"
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
  answered: Detail & { question: string; value: boolean | number | string | string[] };
  completed: Detail;
  dismissed: Detail;
  delivered: Detail;
  failed: Partial<Detail> & { reason: FailureReason; status?: number };
}

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
