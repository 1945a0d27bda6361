<?php

/**
 * WooCommerce: the page after a purchase.
 */

namespace Sondeo;

if (! defined('ABSPATH')) {
    exit;
}

add_action('woocommerce_thankyou', function ($order) {
    if (! settings()['purchase']) {
        return;
    }
    $element = element(['survey' => 'post-purchase', 'trigger' => 'load']);
    // The answer says of which order it is, and nothing of the buyer.
    $number = ' data-custom-order="' . esc_attr((string) absint($order)) . '"';
    // Every attribute is escaped where the element is made.
    // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped
    echo str_replace('></div>', $number . '></div>', $element);
});
