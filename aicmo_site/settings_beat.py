"""What beat asks for, and how often; seconds, unless it says otherwise."""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "sweep-files": {"task": "delivery.sweep_files", "schedule": 60.0},
    "send-waiting-links": {"task": "identity.send_waiting_links", "schedule": 60.0},
    "forget-expired": {"task": "identity.forget_expired", "schedule": 3600.0},
    "sweep-attachments": {"task": "onboarding.sweep_attachments", "schedule": 3600.0},
    "sweep-invitations": {"task": "onboarding.sweep_invitations", "schedule": 60.0},
    # Once a day would do; asked every hour, a beat that was down at midnight does not cost a day.
    "mark-overdue": {"task": "billing.mark_overdue", "schedule": 3600.0},
    # Beat remembers when it asked last: a night it slept through is made up for when it wakes.
    "prove-books": {"task": "billing.prove_books", "schedule": crontab(hour=2, minute=10)},
    "expire-quotes": {"task": "billing.expire_quotes", "schedule": 600.0},
    "sweep-quote-letters": {"task": "billing.sweep_quote_letters", "schedule": 60.0},
    # Asked every hour, as each client's day begins; a reminder goes out once, and a period is billed once.
    "remind-clients": {"task": "billing.remind_clients", "schedule": 3600.0},
    "sweep-reminder-letters": {"task": "billing.sweep_reminder_letters", "schedule": 60.0},
    "draft-retainers": {"task": "billing.draft_retainers", "schedule": 3600.0},
    "chase-reviews": {"task": "client_review.chase_reviews", "schedule": 600.0},
    "sweep-notices": {"task": "client_review.sweep_notices", "schedule": 60.0},
    "continue-imports": {"task": "cam.continue_imports", "schedule": 3.0},
    "qualify-leads": {"task": "cam.qualify_leads", "schedule": 30.0},
    "sweep-lead-files": {"task": "cam.sweep_files", "schedule": 3600.0},
    "find-duplicates": {"task": "cam.find_duplicates", "schedule": 20.0},
    "forget-lead-answers": {"task": "cam.forget_answers", "schedule": 3600.0},
    "continue-discovery": {"task": "cam.continue_discovery", "schedule": 5.0},
    "ask-opinions": {"task": "cam.ask_opinions", "schedule": 60.0},
    "continue-metric-imports": {"task": "reporting.continue_imports", "schedule": 5.0},
    "sweep-metric-files": {"task": "reporting.sweep_files", "schedule": 3600.0},
    "seal-audit": {"task": "observability.seal_audit", "schedule": 30.0},
    "serve-data-requests": {"task": "orchestration.serve_data_requests", "schedule": 15.0},
    "remove-exports": {"task": "identity.remove_exports", "schedule": 3600.0},
    "forget-attention": {"task": "identity.forget_attention", "schedule": 3600.0},
    "forget-silent-workers": {"task": "observability.forget_silent_workers", "schedule": 3600.0},
    "start-cycle": {"task": "orchestration.start_cycle", "schedule": crontab(minute="*/5")},
    # Asked every hour as above; it is one run a day, and what an earlier day missed is made up for.
    "start-renewal-check": {"task": "orchestration.start_renewal_check", "schedule": 3600.0},
    # Asked every hour as above: where a client is, the month ends at another hour than here.
    "start-monthly-reports": {"task": "orchestration.start_monthly_reports", "schedule": 3600.0},
    "sweep-report-letters": {"task": "reporting.sweep_letters", "schedule": 60.0},
    "sweep-surveys": {"task": "retention.sweep_surveys", "schedule": 60.0},
    "propose-lessons": {"task": "learning.propose_lessons", "schedule": crontab(hour=3, minute=20)},
    "forget-cycles": {"task": "cam.forget_cycles", "schedule": 3600.0},
    "forget-runs": {"task": "orchestration.forget_runs", "schedule": 3600.0},
    "tidy-webhooks": {"task": "orchestration.tidy_webhooks", "schedule": 3600.0},
}
