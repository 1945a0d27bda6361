___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Sondeo surveys",
  "categories": ["SURVEYS", "ANALYTICS"],
  "brand": {"id": "brand_dummy", "displayName": "Sondeo"},
  "description": "Asks visitors one small question at the right moment, and sends the answer to an address of yours. Also tells surveys of events, of who the visitor is, and of consent.",
  "containerContexts": ["WEB"]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "SELECT",
    "name": "action",
    "displayName": "What this tag does",
    "macrosInSelect": false,
    "selectItems": [
      {"value": "survey", "displayValue": "Ask a survey"},
      {"value": "site", "displayValue": "Ask the surveys of a site"},
      {"value": "track", "displayValue": "Tell of an event"},
      {"value": "show", "displayValue": "Show a survey now"},
      {"value": "identify", "displayValue": "Say who the visitor is"},
      {"value": "consent", "displayValue": "Give or withdraw consent"},
      {"value": "reset", "displayValue": "Forget everything that is stored"}
    ],
    "simpleValueType": true,
    "defaultValue": "survey"
  },
  {
    "type": "GROUP",
    "name": "surveyGroup",
    "displayName": "Survey",
    "groupStyle": "NO_ZIPPY",
    "subParams": [
      {
        "type": "SELECT",
        "name": "survey",
        "displayName": "Survey",
        "macrosInSelect": false,
        "selectItems": [
          {"value": "first-visit", "displayValue": "First visit"},
          {"value": "signup", "displayValue": "Sign-up"},
          {"value": "welcome", "displayValue": "Welcome"},
          {"value": "faq", "displayValue": "Was this page useful?"},
          {"value": "post-purchase", "displayValue": "After a purchase"},
          {"value": "follow-up", "displayValue": "Follow-up"},
          {"value": "cancellation", "displayValue": "Cancellation"},
          {"value": "cart-abandonment", "displayValue": "Cart abandonment"},
          {"value": "trial-end", "displayValue": "End of a trial"},
          {"value": "support", "displayValue": "Support"},
          {"value": "csat", "displayValue": "Satisfaction (CSAT)"},
          {"value": "ces", "displayValue": "Effort (CES)"},
          {"value": "nps", "displayValue": "Recommendation (NPS)"},
          {"value": "ttr", "displayValue": "Time to resolution (TTR)"},
          {"value": "own", "displayValue": "One of your own"}
        ],
        "simpleValueType": true,
        "defaultValue": "post-purchase"
      },
      {
        "type": "TEXT",
        "name": "definition",
        "displayName": "Your survey, as JSON",
        "simpleValueType": true,
        "lineCount": 8,
        "help": "A survey file, as the studio writes it: one survey, or a list of them.",
        "valueValidators": [{"type": "NON_EMPTY"}],
        "enablingConditions": [{"paramName": "survey", "paramValue": "own", "type": "EQUALS"}]
      },
      {
        "type": "TEXT",
        "name": "endpoint",
        "displayName": "Where the answers go",
        "simpleValueType": true,
        "help": "The address that takes the answers, for instance https://surveys.example/v1/responses. It has to be allowed to be called by your pages.",
        "valueValidators": [
          {"type": "NON_EMPTY"},
          {"type": "REGEX", "args": ["^(https?://.+|/.*)"], "errorMessage": "An address that begins with https://, or a path of your site."}
        ]
      },
      {
        "type": "TEXT",
        "name": "trigger",
        "displayName": "What makes it due (optional)",
        "simpleValueType": true,
        "help": "For instance event:purchase or scroll:50%. Without it, what the survey itself says. To ask as soon as this tag fires: load."
      },
      {
        "type": "SELECT",
        "name": "display",
        "displayName": "How it stands on the page",
        "macrosInSelect": false,
        "selectItems": [
          {"value": "popover", "displayValue": "In a corner"},
          {"value": "bar", "displayValue": "As a bar"},
          {"value": "tab", "displayValue": "As a tab at the edge"},
          {"value": "dialog", "displayValue": "As a dialog"}
        ],
        "simpleValueType": true,
        "defaultValue": "popover"
      },
      {
        "type": "TEXT",
        "name": "lang",
        "displayName": "Language (optional)",
        "simpleValueType": true,
        "help": "For instance es. Without it, the language of the page."
      },
      {
        "type": "CHECKBOX",
        "name": "needsConsent",
        "checkboxText": "Wait for consent to analytics_storage",
        "simpleValueType": true,
        "defaultValue": false,
        "help": "Nothing is stored, shown or sent before Google's consent mode grants analytics_storage, and everything is forgotten when that is withdrawn."
      },
      {
        "type": "SIMPLE_TABLE",
        "name": "surveyCustom",
        "displayName": "What else the answers carry (optional)",
        "newRowButtonText": "Add a field",
        "simpleTableColumns": [
          {"name": "key", "displayName": "Name", "type": "TEXT", "defaultValue": ""},
          {"name": "value", "displayName": "Value", "type": "TEXT", "defaultValue": ""}
        ]
      }
    ],
    "enablingConditions": [{"paramName": "action", "paramValue": "survey", "type": "EQUALS"}]
  },
  {
    "type": "TEXT",
    "name": "site",
    "displayName": "The address of the site in your collector",
    "simpleValueType": true,
    "help": "For instance https://surveys.example/sites/shop. What is asked, and when, is said there.",
    "valueValidators": [
      {"type": "NON_EMPTY"},
      {"type": "REGEX", "args": ["^https?://.+"], "errorMessage": "An address that begins with https://."}
    ],
    "enablingConditions": [{"paramName": "action", "paramValue": "site", "type": "EQUALS"}]
  },
  {
    "type": "TEXT",
    "name": "event",
    "displayName": "Event",
    "simpleValueType": true,
    "help": "Events in the data layer are heard without this.",
    "valueValidators": [{"type": "NON_EMPTY"}],
    "enablingConditions": [{"paramName": "action", "paramValue": "track", "type": "EQUALS"}]
  },
  {
    "type": "SIMPLE_TABLE",
    "name": "properties",
    "displayName": "Properties of the event (optional)",
    "newRowButtonText": "Add a property",
    "simpleTableColumns": [
      {"name": "key", "displayName": "Name", "type": "TEXT", "defaultValue": ""},
      {"name": "value", "displayName": "Value", "type": "TEXT", "defaultValue": ""}
    ],
    "enablingConditions": [{"paramName": "action", "paramValue": "track", "type": "EQUALS"}]
  },
  {
    "type": "TEXT",
    "name": "shown",
    "displayName": "Survey",
    "simpleValueType": true,
    "help": "Its id, for instance post-purchase.",
    "valueValidators": [{"type": "NON_EMPTY"}],
    "enablingConditions": [{"paramName": "action", "paramValue": "show", "type": "EQUALS"}]
  },
  {
    "type": "TEXT",
    "name": "user",
    "displayName": "Who the visitor is (optional)",
    "simpleValueType": true,
    "help": "An id of yours. Do not send names or addresses without a reason.",
    "enablingConditions": [{"paramName": "action", "paramValue": "identify", "type": "EQUALS"}]
  },
  {
    "type": "SIMPLE_TABLE",
    "name": "custom",
    "displayName": "What else the answers carry (optional)",
    "newRowButtonText": "Add a field",
    "simpleTableColumns": [
      {"name": "key", "displayName": "Name", "type": "TEXT", "defaultValue": ""},
      {"name": "value", "displayName": "Value", "type": "TEXT", "defaultValue": ""}
    ],
    "enablingConditions": [{"paramName": "action", "paramValue": "identify", "type": "EQUALS"}]
  },
  {
    "type": "SELECT",
    "name": "granted",
    "displayName": "Consent",
    "macrosInSelect": true,
    "selectItems": [
      {"value": "true", "displayValue": "Is given"},
      {"value": "false", "displayValue": "Is withdrawn"}
    ],
    "simpleValueType": true,
    "defaultValue": "true",
    "enablingConditions": [{"paramName": "action", "paramValue": "consent", "type": "EQUALS"}]
  },
  {
    "type": "SELECT",
    "name": "script",
    "displayName": "Where the script comes from",
    "macrosInSelect": false,
    "selectItems": [
      {"value": "cdn", "displayValue": "jsDelivr, at the version of this template"},
      {"value": "page", "displayValue": "The page has it already"}
    ],
    "simpleValueType": true,
    "defaultValue": "cdn",
    "help": "Tag Manager lets a template load from the addresses that it was published with, and no others. To serve the script yourself, put it into the page, or into a Custom HTML tag.",
    "enablingConditions": [
      {"paramName": "action", "paramValue": "survey", "type": "EQUALS"},
      {"paramName": "action", "paramValue": "site", "type": "EQUALS"}
    ]
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const JSON = require('JSON');
const addConsentListener = require('addConsentListener');
const callInWindow = require('callInWindow');
const copyFromWindow = require('copyFromWindow');
const getType = require('getType');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const makeTableMap = require('makeTableMap');
const setInWindow = require('setInWindow');

const SCRIPT = 'https://cdn.jsdelivr.net/npm/sondeo@0.1.0/embed/sondeo.js';
const STORAGE = 'analytics_storage';

// The script finds here what was said before it came, and what is said here later is done at once. An element of the page
// may have this name, too: only what takes calls is ours.
if (getType(copyFromWindow('sondeo.q.push')) !== 'function') setInWindow('sondeo', {q: []}, true);

// By name and each time: once the widget is there, the queue is another one, and no array.
const call = (entry) => callInWindow('sondeo.q.push', entry);
const table = (rows) => (rows && rows.length ? makeTableMap(rows, 'key', 'value') : undefined);
const load = () => {
  if (data.script === 'page') return data.gtmOnSuccess();
  injectScript(SCRIPT, data.gtmOnSuccess, data.gtmOnFailure, 'sondeo');
};

/** What all surveys of this tag have. */
const completed = (survey) => {
  survey.endpoint = survey.endpoint || data.endpoint;
  if (data.trigger) survey.trigger = data.trigger;
  if (data.display) survey.display = survey.display || data.display;
  if (data.lang) survey.lang = data.lang;
  if (data.needsConsent) survey.consent = 'required';
  const custom = table(data.surveyCustom);
  if (custom) survey.custom = custom;
  return survey;
};

const ask = () => {
  let surveys = {template: data.survey};
  if (data.survey === 'own') {
    surveys = JSON.parse(data.definition);
    // What is no JSON comes back as nothing.
    if (!surveys) return data.gtmOnFailure();
  }
  const list = getType(surveys) === 'array' ? surveys : [surveys];
  call(['add', list.map(completed)]);
  if (data.needsConsent) {
    // What was never granted was never withdrawn either: nothing is stored yet.
    if (isConsentGranted(STORAGE)) call(['consent', true]);
    addConsentListener(STORAGE, (kind, granted) => call(['consent', granted]));
  }
  load();
};

switch (data.action) {
  case 'survey':
    ask();
    break;
  case 'site':
    call(['site', data.site]);
    load();
    break;
  case 'track':
    call(['track', data.event, table(data.properties)]);
    data.gtmOnSuccess();
    break;
  case 'show':
    call(['show', data.shown]);
    data.gtmOnSuccess();
    break;
  case 'identify':
    call(['identify', data.user, table(data.custom)]);
    data.gtmOnSuccess();
    break;
  case 'consent':
    // A variable may hold the word or the truth.
    call(['consent', data.granted === 'true' || data.granted === true]);
    data.gtmOnSuccess();
    break;
  case 'reset':
    call(['reset']);
    data.gtmOnSuccess();
    break;
  default:
    data.gtmOnFailure();
}


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": {"publicId": "access_globals", "versionId": "1"},
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "key"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"},
                  {"type": 1, "string": "execute"}
                ],
                "mapValue": [
                  {"type": 1, "string": "sondeo"},
                  {"type": 8, "boolean": false},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": false}
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "key"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"},
                  {"type": 1, "string": "execute"}
                ],
                "mapValue": [
                  {"type": 1, "string": "sondeo.q.push"},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": false},
                  {"type": 8, "boolean": true}
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  },
  {
    "instance": {
      "key": {"publicId": "inject_script", "versionId": "1"},
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [
              {"type": 1, "string": "https://cdn.jsdelivr.net/npm/sondeo@0.1.0/embed/sondeo.js"}
            ]
          }
        }
      ]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  },
  {
    "instance": {
      "key": {"publicId": "access_consent", "versionId": "1"},
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {"type": 1, "string": "consentType"},
                  {"type": 1, "string": "read"},
                  {"type": 1, "string": "write"}
                ],
                "mapValue": [
                  {"type": 1, "string": "analytics_storage"},
                  {"type": 8, "boolean": true},
                  {"type": 8, "boolean": false}
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {"isEditedByUser": true},
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: A survey is added, and the script comes once
  code: |-
    runCode({action: 'survey', survey: 'nps', endpoint: '/r', display: 'popover', script: 'cdn'});
    assertThat(pushed).isEqualTo([['add', [{template: 'nps', endpoint: '/r', display: 'popover'}]]]);
    assertApi('injectScript').wasCalled();
    assertApi('gtmOnSuccess').wasCalled();
    assertApi('gtmOnFailure').wasNotCalled();
- name: A survey of one's own keeps what it says
  code: |-
    runCode({action: 'survey', survey: 'own', definition: '[{"id": "a", "endpoint": "/own", "display": "bar"}]',
             endpoint: '/r', display: 'popover', trigger: 'load', lang: 'es', script: 'page',
             surveyCustom: [{key: 'plan', value: 'pro'}]});
    assertThat(pushed).isEqualTo([['add', [{id: 'a', endpoint: '/own', display: 'bar', trigger: 'load', lang: 'es', custom: {plan: 'pro'}}]]]);
    assertApi('injectScript').wasNotCalled();
    assertApi('gtmOnSuccess').wasCalled();
- name: What is no JSON fails
  code: |-
    runCode({action: 'survey', survey: 'own', definition: '{', endpoint: '/r', script: 'cdn'});
    assertThat(pushed).isEqualTo([]);
    assertApi('injectScript').wasNotCalled();
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: A script that does not come fails
  code: |-
    mock('injectScript', (url, done, failed) => failed());
    runCode({action: 'site', site: 'https://surveys.example/sites/shop', script: 'cdn'});
    assertThat(pushed).isEqualTo([['site', 'https://surveys.example/sites/shop']]);
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
- name: Consent follows consent mode
  code: |-
    let heard;
    mock('isConsentGranted', () => false);
    mock('addConsentListener', (kind, hear) => { heard = hear; });
    runCode({action: 'survey', survey: 'nps', endpoint: '/r', needsConsent: true, script: 'page'});
    assertThat(pushed).isEqualTo([['add', [{template: 'nps', endpoint: '/r', consent: 'required'}]]]);
    heard('analytics_storage', true);
    heard('analytics_storage', false);
    assertThat(pushed.slice(1)).isEqualTo([['consent', true], ['consent', false]]);
- name: Consent that is there already counts
  code: |-
    mock('isConsentGranted', () => true);
    mock('addConsentListener', () => {});
    runCode({action: 'survey', survey: 'nps', endpoint: '/r', needsConsent: true, script: 'page'});
    assertThat(pushed[1]).isEqualTo(['consent', true]);
- name: Events, people and consent need no script
  code: |-
    runCode({action: 'track', event: 'purchase', properties: [{key: 'total', value: '12'}]});
    runCode({action: 'show', shown: 'nps'});
    runCode({action: 'identify', user: 'u-1', custom: [{key: 'plan', value: 'pro'}]});
    runCode({action: 'consent', granted: 'false'});
    runCode({action: 'consent', granted: true});
    runCode({action: 'reset'});
    assertThat(pushed).isEqualTo([['track', 'purchase', {total: '12'}], ['show', 'nps'], ['identify', 'u-1', {plan: 'pro'}],
                                  ['consent', false], ['consent', true], ['reset']]);
    assertApi('injectScript').wasNotCalled();
- name: An element of that name is no queue
  code: |-
    mock('copyFromWindow', () => undefined);
    runCode({action: 'reset'});
    assertApi('setInWindow').wasCalledWith('sondeo', {q: []}, true);
- name: An unknown action fails
  code: |-
    runCode({action: 'dance'});
    assertApi('gtmOnFailure').wasCalled();
    assertApi('gtmOnSuccess').wasNotCalled();
setup: |-
  const pushed = [];
  mock('callInWindow', (path, entry) => { pushed.push(entry); });
  mock('injectScript', (url, done) => done());
  mock('copyFromWindow', () => () => {});
  mock('setInWindow', () => true);


___NOTES___

Surveys in a tag of their own, from the addresses that this template was published with. `packages/gtm` of the
repository has its checks: `cargo xtask package check gtm`.
