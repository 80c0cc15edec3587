import { VERSION } from '../config/version.js';

/** A hearth: an arch with a fire in it. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M3 29V13a13 13 0 0 1 26 0v16h-6V14a7 7 0 0 0-14 0v15z" fill="#8a4b32"/>
<path d="M16 14c1 4 5 5 5 9a5 5 0 0 1-10 0c0-2 1-3 2-4 0 1 1 2 2 2 0-3 0-5 1-7z" fill="#f08c2e"/>
</svg>
`;

const START_STYLE =
  'body{font:16px/1.6 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em}' +
  'h1{display:flex;align-items:center;gap:.4em}h1 img{width:1.2em}' +
  'pre{padding:1em;overflow-x:auto;border:1px solid #8886;border-radius:.4em}small{opacity:.7}';

/** What a browser is shown at the API's root. Its links are relative, so that it works under any path. */
export const START_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hearth</title>
<link rel="icon" href="favicon.ico" type="image/svg+xml">
<style>${START_STYLE}</style>
</head>
<body>
<h1><img src="favicon.ico" alt=""> Hearth <small>${VERSION}</small></h1>
<p>This server keeps quests, a guitar collection, a portfolio and an assistant. It has no pages of its own but these:
programs talk to it over HTTP.</p>
<ul>
<li><a href="docs">Try every operation in the browser</a></li>
<li><a href="openapi.json">The OpenAPI document</a>, for client generators</li>
<li><a href="health">Whether the server runs</a>, and <a href="health/ready">whether its database and storage answer</a></li>
<li><a href="v1/errors">Every error code</a></li>
</ul>
<h2>What to do first</h2>
<ol>
<li><a href="register">Create your account</a>. On your own machine the first account is the owner's.</li>
<li>Sign in under <a href="docs#/Authentication/login">POST /v1/auth/login</a> and copy the <code>accessToken</code>.</li>
<li>Choose <em>Authorize</em> there, paste the token, and <a href="docs#/Quests/createQuest">create your first task</a>.</li>
</ol>
<p>Or from a terminal:</p>
<pre>curl -s $ADDRESS/v1/auth/register -H 'Content-Type: application/json' \\
  -d '{"email":"ada@example.com","password":"Corr3ct-horse","name":"Ada Example"}'</pre>
</body>
</html>
`;

/** Swagger UI, from its own files under `/docs`. */
export const SWAGGER_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hearth API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/favicon.ico" type="image/svg+xml">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** On a laptop the token outlives a reload; elsewhere it would lie in the browser's storage for anybody to find. */
export const SWAGGER_START = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  defaultModelsExpandDepth: -1,
  persistAuthorization: ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname),
  tryItOutEnabled: true,
});
`;
