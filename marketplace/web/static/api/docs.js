// Shows the API's own document in Swagger UI; nothing is asked of any other site. What is tried is done as whoever is
// signed in, with the form token that goes with every change.
(() => {
  "use strict";
  const place = document.getElementById("api");
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    requestInterceptor: (request) => {
      const is_ours = new URL(request.url, location.href).origin === location.origin;
      if (is_ours && place.dataset.token && request.method && request.method !== "GET")
        request.headers["X-CSRF-Token"] = place.dataset.token;
      return request;
    },
  });
})();
