import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <title>Examples</title>
      <path d="M4 2.5h12l4 4v15H4z" strokeLinejoin="round" />
      <path d="M8 9.5h8M8 13.5h8M8 17.5h4.5" strokeLinecap="round" />
    </svg>
  );
}

/** A side panel that lists the app's example queries; a click opens one in a tab of its own. */
export function createExamplesPlugin(examples) {
  function Examples() {
    const { addTab, setVisiblePlugin } = useGraphiQLActions();
    const { queryEditor, variableEditor } = useGraphiQL(pick('queryEditor', 'variableEditor'));

    function open({ query, variables }) {
      addTab();
      queryEditor?.setValue(query);
      variableEditor?.setValue(variables === undefined ? '' : JSON.stringify(variables, null, 2));
      // There the panel covers the editor.
      if (matchMedia('(max-width: 700px)').matches) setVisiblePlugin(null);
    }

    return (
      <section aria-label="Examples">
        <div className="graphiql-doc-explorer-title">Examples</div>
        <ul className="sluice-examples">
          {examples.map((example) => (
            <li key={example.name}>
              <button type="button" className="graphiql-un-styled" onClick={() => open(example)}>
                {example.name}
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  }

  return { title: 'Examples', icon: Icon, content: Examples };
}
