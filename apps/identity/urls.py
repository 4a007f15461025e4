from apps.identity import rest
from apps.shared.rest.routes import routes

api = routes(me=rest.Me, clients=rest.Clients, tokens=rest.Tokens)
