from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("strategy", "0002_find_undecided_strategies"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("strategy_strategy", of_client="client_id", may="SELECT, UPDATE"),
        lock_rows("strategy_kpi", of_client="strategy_id -> strategy_strategy"),
        lock_rows("strategy_channelplan", of_client="strategy_id -> strategy_strategy"),
        lock_rows("strategy_milestone", of_client="strategy_id -> strategy_strategy"),
    ]
