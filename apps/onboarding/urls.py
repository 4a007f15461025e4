from apps.onboarding import rest
from apps.shared.rest.routes import routes

api = routes(intakes=rest.Intakes, briefs=rest.Briefs)
