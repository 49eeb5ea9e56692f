"""The form renderer: every `{{ form }}` and `{{ field.as_field_group }}` comes out in KERN's markup."""

from django.forms.renderers import TemplatesSetting


class KernRenderer(TemplatesSetting):
    """Only forms and field groups are ours; widgets stay Django's, so foreign admin pages keep their look."""

    form_template_name = "components/forms/form.html"
    field_template_name = "components/forms/field.html"
    formset_template_name = "components/forms/formset.html"
