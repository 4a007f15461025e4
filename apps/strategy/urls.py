from apps.shared.rest.routes import routes
from apps.strategy import rest

api = routes(strategies=rest.Strategies)
