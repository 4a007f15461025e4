from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_invoices_and_payments"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("billing_invoice", of_client="client_id"),
        lock_rows("billing_invoiceline", of_client="invoice_id -> billing_invoice"),
        lock_rows("billing_allocation", of_client="invoice_id -> billing_invoice"),
        lock_rows("billing_payment", of_client="client_id"),
        lock_rows("billing_creditnote", of_client="client_id"),
    ]
