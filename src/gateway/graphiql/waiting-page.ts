const RELOAD_AFTER_SECONDS = 1;

/** The page in GraphiQL's place until it is built; it reloads itself. `failure` is why there will be none. */
export function renderWaitingPage(failure: string | null): string {
  const [reload, heading, text] =
    failure === null
      ? [
          `<meta http-equiv="refresh" content="${RELOAD_AFTER_SECONDS}">`,
          'GraphiQL is being built',
          'This happens once and takes some seconds. The page reloads by itself; <code>/graphql</code> answers already.',
        ]
      : [
          '',
          'GraphiQL could not be built',
          `<code>/graphql</code> answers all the same.<pre>${escapeHtml(failure)}</pre>`,
        ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${reload}
<title>${heading} · Sluice</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; min-height: 90vh; place-content: center; padding: 1rem; }
  main { max-width: 34rem; }
  h1 { font-size: 1.4rem; }
  pre { overflow: auto; max-height: 50vh; white-space: pre-wrap; font-size: .8rem; }
</style>
</head>
<body><main><h1>${heading}</h1><p>${text}</p></main></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
