from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CONTENT = {
    "fit": {"size": "0.30", "industry": "0.30", "revenue": "0.25", "location": "0.15"},
    "opportunity": {"title": "0.35", "seniority": "0.25", "signals": "0.40"},
    "seniority": {
        "owner": "1",
        "executive": "1",
        "vp": "0.9",
        "director": "0.8",
        "manager": "0.6",
        "senior": "0.4",
        "staff": "0.2",
        "junior": "0.1",
    },
    "fit_share": "0.70",
    "tiers": {"hot": "0.85", "warm": "0.65", "cool": "0.40"},
    "grades": {"a": "0.80", "b": "0.60", "c": "0.40", "d": "0.20"},
    "lifts": {"budget": "0.20", "timeline": "0.10", "pain": "0.10"},
    "bars": {"fit": "0.70", "opportunity": "0.20"},
    "routes": {"aggressive_close": "0.85", "regular_nurture": "0.70", "long_term_nurture": "0.50"},
    "boost": {"added": "0.15", "signals": "0.50"},
    "signals": ["hiring", "funding", "expansion", "new leadership", "new website", "advertising"],
    "role_accounts": [
        *("info", "sales", "contact", "office", "hello", "hi", "mail", "email", "admin", "administrator", "support"),
        *("help", "helpdesk", "service", "team", "enquiries", "inquiries", "reception", "marketing", "press", "media"),
        *("jobs", "careers", "hr", "billing", "accounts", "accounting", "invoices", "orders", "webmaster"),
        *("postmaster", "hostmaster", "abuse", "privacy", "security", "legal", "noreply", "no-reply", "donotreply"),
        *("newsletter", "subscribe", "unsubscribe", "root", "mailer-daemon", "kontakt", "buero", "büro", "bewerbung"),
        *("presse", "empfang", "rechnung", "verwaltung", "bonjour", "accueil", "ventas", "contacto", "contato"),
        *("vendas", "atendimento", "hola", "ola", "secretariat", "secretaria"),
    ],
    "spam_words": ["casino", "viagra", "cialis", "lottery", "payday loan", "free money", "porn", "escort"],
    "competitor_domains": [],
}


def write_first(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the rules live that the agency scored by before it could edit them."""
    book = apps.get_model("cam", "RuleBook")
    reason = "The rules that the agency began with."
    book.objects.get_or_create(
        name="scoring", version=1, defaults={"content": CONTENT, "state": "LIVE", "reason": reason}
    )


def remove_first(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("cam", "RuleBook").objects.filter(name="scoring").delete()


class Migration(migrations.Migration):
    dependencies = [("cam", "0009_rule_books")]

    operations = [migrations.RunPython(write_first, remove_first)]
