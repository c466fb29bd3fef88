import 'graphiql/setup-workers/vite';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import { CACHE_PLUGIN } from './cache-plugin.jsx';
import { createExamplesPlugin } from './examples-plugin.jsx';
import { lastCache } from './last-cache.js';
import './page.css';

const ENDPOINT = '/graphql';
const FALLBACK_QUERY = '# Ctrl-Space lists what can be asked here.\n{\n  __typename\n}\n';

// GraphiQL learns an edited document's operations with some delay, and would till then name one that is gone.
function defines(query, operationName) {
  return new RegExp(`\\b(?:query|mutation|subscription)\\s+${operationName}\\b`).test(query);
}

async function ask({ query, variables, operationName }, { headers } = {}) {
  // What the page itself asks for is nobody's operation.
  const isOwn = operationName === 'IntrospectionQuery';
  const isExplained = !isOwn && lastCache.get().watchers > 0;
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'content-type': 'application/json',
      ...(isExplained && { 'sluice-explain': '1' }),
      ...headers,
    },
    body: JSON.stringify({
      query,
      variables,
      ...(operationName && defines(query, operationName) && { operationName }),
    }),
  });
  const answer = await response.json();
  if (isOwn) return answer;
  const { cache = null, ...extensions } = answer.extensions ?? {};
  lastCache.note(response.headers.get('cache-status'), cache);
  if (cache === null) return answer;
  // The panel shows it.
  return Object.keys(extensions).length > 0
    ? { ...answer, extensions }
    : { ...answer, extensions: undefined };
}

async function loadExamples() {
  const response = await fetch('/graphiql/examples.json');
  // A page without examples is still of use.
  return response.ok ? response.json() : [];
}

/** In development a token, so that everything can be tried; else nothing. */
async function loadHeaders() {
  const response = await fetch('/graphiql/headers.json');
  const headers = response.ok ? await response.json() : {};
  return Object.keys(headers).length > 0 ? JSON.stringify(headers, null, 2) : '';
}

function toTab({ query, variables }, headers) {
  return { query, variables: variables === undefined ? '' : JSON.stringify(variables, null, 2), headers };
}

// GraphiQL fills its editors from what it remembers, and knows by it which tab was open: without this it would
// show the first example without its variables, and one tab more after each reload.
function rememberFirstTab(tab) {
  if (localStorage.getItem('graphiql:tabState') !== null) return;
  localStorage.setItem('graphiql:query', tab.query);
  localStorage.setItem('graphiql:variables', tab.variables);
}

function Page({ tabs, headers, plugins }) {
  return (
    <GraphiQL
      fetcher={ask}
      plugins={plugins}
      defaultQuery={FALLBACK_QUERY}
      // Tabs don't remember headers, so each visit begins with a fresh token.
      initialHeaders={headers}
      defaultHeaders={headers}
      defaultTabs={tabs.length > 0 ? tabs : undefined}
      defaultEditorToolsVisibility={tabs[0]?.variables ? 'variables' : false}
    >
      <GraphiQL.Logo>
        <a className="sluice-logo" href="/graphiql" title="Sluice">
          <img src="/graphiql/favicon.svg" alt="" width="20" height="20" /> Sluice
        </a>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

const [examples, headers] = await Promise.all([loadExamples(), loadHeaders()]);
const plugins = [
  HISTORY_PLUGIN,
  ...(examples.length > 0 ? [createExamplesPlugin(examples)] : []),
  CACHE_PLUGIN,
];
const tabs = examples.map((example) => toTab(example, headers));
if (tabs.length > 0) rememberFirstTab(tabs[0]);
createRoot(document.getElementById('root')).render(<Page tabs={tabs} headers={headers} plugins={plugins} />);
