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
  /** Calls back at every event of this name. Returns a function that ends it. */
  on<Name extends keyof Events>(event: Name, callback: (detail: Events[Name]) => void): () => void;
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
  shown: Detail;
  answered: Detail & { question: string; value: boolean | number | string | string[] };
  completed: Detail;
  dismissed: Detail;
  delivered: Detail;
  failed: Partial<Detail> & { reason: string; status?: number };
}
