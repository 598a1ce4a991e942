import { html } from '../../drawing/html.ts';
import type { Site } from './layout.ts';

/** `/docs`: the API description, shown by the bundled viewer. Without scripts, the page says where the document is. */
export function documentationPage(site: Site): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The interface for agency systems – Weir</title>
<link rel="stylesheet" href="/docs/files/static/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
<link rel="icon" href="data:,">
</head>
<body>
${site.demonstration ? html`<p class="weir-banner"><strong>Demonstration.</strong> All people, vehicles and agencies here are invented.</p>\n` : null}<p class="weir-back"><a href="/">Weir: back to the start</a></p>
<main id="viewer"><noscript><h1>The interface for agency systems</h1><p>This page needs scripts. The document itself is at <a href="/openapi.json">/openapi.json</a>.</p></noscript></main>
<script src="/docs/files/static/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`.toString();
}

/** The viewer knows no certificates, so its own button for them is left out. It is light only. */
export const documentationStyle = `:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b1f23; font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
.weir-banner { margin: 0; padding: .5rem 1rem; background: #fff2cc; color: #4a3500; border-bottom: 1px solid #8a949e; }
.weir-back { margin: 0 auto; max-width: 1460px; padding: .75rem 20px 0; } .weir-back a { color: #0b57a4; }
.swagger-ui .scheme-container, .swagger-ui .authorization__btn { display: none; }
.swagger-ui .info { margin: 1.5rem 0; }
`;

export const documentationScript = `SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#viewer', layout: 'BaseLayout', presets: [SwaggerUIBundle.presets.apis],
  deepLinking: false, validatorUrl: null, docExpansion: 'list', defaultModelsExpandDepth: 0,
});
`;
