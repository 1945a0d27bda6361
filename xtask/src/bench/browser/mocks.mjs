// Just enough of each peer's back end for one 5-point question to be shown and answered.
const question = "How satisfied are you with this page?";
const low = "Not at all",
  high = "Very much";

const posthogSurvey = (auto) => ({
  id: "s1",
  name: "Bench",
  description: "",
  type: "popover",
  schedule: "always",
  linked_flag_key: null,
  targeting_flag_key: null,
  internal_targeting_flag_key: null,
  start_date: "2024-01-01T00:00:00Z",
  end_date: null,
  current_iteration: null,
  questions: [
    {
      id: "q1",
      type: "rating",
      display: "number",
      scale: 5,
      question,
      lowerBoundLabel: low,
      upperBoundLabel: high,
      buttonText: "Submit",
    },
  ],
  conditions: auto ? null : { events: { values: [{ name: "show_survey" }] }, actions: { values: [] } },
  appearance: { displayThankYouMessage: true, thankYouMessageHeader: "Thank you", widgetType: "tab" },
});
// all products but surveys are off
const posthogConfig = (token) => ({
  token,
  supportedCompression: ["gzip", "gzip-js"],
  hasFeatureFlags: false,
  captureDeadClicks: false,
  capturePerformance: false,
  autocapture_opt_out: false,
  autocaptureExceptions: false,
  analytics: { endpoint: "/i/v0/e/" },
  elementsChainAsString: true,
  sessionRecording: false,
  heatmaps: false,
  surveys: true,
  defaultIdentifiedOnly: true,
  productTours: false,
  conversations: false,
  logs: false,
  siteApps: [],
});

const action = (auto) => ({
  id: "a1",
  name: "show_survey",
  key: auto ? null : "show_survey",
  type: auto ? "noCode" : "code",
  noCodeConfig: auto ? { type: "pageView", urlFilters: [] } : null,
});
const formbricksState = (auto) => ({
  expiresAt: new Date(Date.now() + 3_600_000),
  data: {
    actionClasses: [action(auto)],
    settings: {
      recontactDays: 7,
      clickOutsideClose: false,
      overlay: "none",
      placement: "bottomRight",
      inAppSurveyBranding: true,
      styling: { allowStyleOverwrite: true },
    },
    surveys: [
      {
        id: "s1",
        type: "app",
        status: "inProgress",
        welcomeCard: { enabled: false },
        questions: [],
        variables: [],
        endings: [],
        languages: [],
        showLanguageSwitch: null,
        autoClose: null,
        recontactDays: null,
        displayLimit: null,
        displayOption: "respondMultiple",
        hiddenFields: { enabled: true, fieldIds: [] },
        delay: 0,
        workspaceOverwrites: null,
        isBackButtonHidden: false,
        isAutoProgressingEnabled: false,
        recaptcha: null,
        displayPercentage: null,
        triggers: [{ actionClass: action(auto) }],
        blocks: [
          {
            id: "b1",
            name: "Block 1",
            elements: [
              {
                id: "q1",
                type: "rating",
                required: true,
                scale: "number",
                range: 5,
                headline: { default: question },
                lowerLabel: { default: low },
                upperLabel: { default: high },
                isColorCodingEnabled: false,
              },
            ],
          },
        ],
      },
    ],
  },
});

const sprigSurvey = {
  surveyId: 1,
  vid: "v1",
  uuid: "v1",
  responseGroupUid: "r1",
  locale: "en",
  studyType: "inProductSurvey",
  useBranding: true,
  endCard: { type: "thanks", headline: "Thank you", subheader: "" },
  context: { outcome: "", product: { name: "Bench" }, visitor: { outcome: "" } },
  productConfig: { framePosition: "bottomRight", placement: "desktop-bottom-right" },
  questions: [
    {
      name: 1,
      surveyId: 1,
      updatedAt: "2024-01-01T00:00:00Z",
      type: "likert",
      groupId: null,
      props: {
        message: question,
        options: [],
        labels: { left: low, right: high },
        routingOptions: [],
        displayLogic: [],
        properties: {
          captionText: "",
          buttonText: "Submit",
          conceptUrl: null,
          labels: { left: low, right: high },
          range: "5",
          ratingIcons: [],
          scaleLabelType: "number",
          required: true,
        },
      },
    },
  ],
};
const sprigHeaders = { authorization: "Bearer t", "x-ul-visitor-id": "v1" };

const routes = [
  // PostHog
  [
    "GET",
    /^\/array\/(\w+)\/config\.js$/,
    ([, t]) => ({
      type: "text/javascript",
      body: `window._POSTHOG_REMOTE_CONFIG={${t}:{config:${JSON.stringify(posthogConfig(t))},siteApps:[]}}`,
    }),
  ],
  ["GET", /^\/array\/(\w+)\/config$/, ([, t]) => ({ body: posthogConfig(t) })],
  ["POST", /^\/flags\//, () => ({ body: { flags: {}, errorsWhileComputingFlags: false, requestId: "r" } })],
  [
    "GET",
    /^\/api\/surveys\/$/,
    (_, q) => ({ body: { surveys: [posthogSurvey(q.get("token") === "phc_auto")], survey_config: {} } }),
  ],
  ["POST", /^\/(i\/v0\/)?e\/$/, () => ({ body: { status: "Ok" } })],
  // Formbricks
  [
    "GET",
    /^\/api\/v1\/client\/(\w+)\/environment$/,
    ([, id]) => ({ body: { data: formbricksState(id === "auto") } }),
  ],
  ["POST", /^\/api\/v\d\/client\/\w+\/(displays|responses)$/, () => ({ body: { data: { id: "x1" } } })],
  // Sentry
  ["POST", /^\/api\/1\/envelope\/$/, () => ({ body: { id: "0".repeat(32) } })],
  // Sprig
  [
    "GET",
    /^\/sprig\/sdk\/1\/environments\/bench\/config$/,
    () => ({ body: { mode: "web", sampleRate: 1 }, headers: sprigHeaders }),
  ],
  [
    "POST",
    /^\/sprig\/sdk\/1\/visitors\/[^/]+\/events$/,
    () => ({ body: sprigSurvey, headers: sprigHeaders }),
  ],
  ["POST", /^\/sprig\//, () => ({ body: {}, headers: sprigHeaders })],
  // the floor, and ours
  ["POST", /./, () => ({ body: {} })],
];

export function mock(req) {
  const { pathname, searchParams } = new URL(req.url, "http://localhost");
  for (const [method, path, fn] of routes) {
    const m = req.method === method && pathname.match(path);
    if (m) return fn(m, searchParams);
  }
}
