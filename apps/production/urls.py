from apps.production import rest
from apps.shared.rest.routes import routes

api = routes(drafts=rest.Drafts)
