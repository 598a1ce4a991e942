/** `/docs`: the API description, shown by the bundled viewer. Without scripts, the page says where the document is. */
export const documentationPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Weir: the interface for agency systems</title>
<link rel="stylesheet" href="/docs/files/static/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<main id="viewer"><noscript><h1>Weir: the interface for agency systems</h1><p>This page needs scripts. The document itself is at <a href="/openapi.json">/openapi.json</a>.</p></noscript></main>
<script src="/docs/files/static/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

export const documentationScript = `SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#viewer', layout: 'BaseLayout', presets: [SwaggerUIBundle.presets.apis],
  deepLinking: false, validatorUrl: null, docExpansion: 'list', defaultModelsExpandDepth: 0,
});
`;
